import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Resources } from '../resources.ts';
import type { CheckpointsStack } from '../stacks/checkpoints-stack.ts';
import { tenantRoleOf } from '../variables.ts';
import { allowAssuming, allowRealtime, allowReceiving, allowTableKey } from './statements.ts';

/** Everything that a session host may do in AWS, but for the file system of its checkpoints. */
export function grantHost(role: Role, { data, queues, web }: Resources): void {
  allowAssuming(role, tenantRoleOf(data, true));
  allowReceiving(role, { queues: queues.wake, storageKey: data.storageKey });
  allowTableKey(role, data.storageKey);
  data.table('placements').grant(role, 'dynamodb:Query');
  allowRealtime(role, web);
}

/** Lets a role mount the file system of the checkpoints: through its access point, and so never as root. */
export function allowCheckpoints(role: Role, { fileSystem, accessPoint }: CheckpointsStack): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      resources: [fileSystem.fileSystemArn],
      conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointArn } },
    }),
  );
}
