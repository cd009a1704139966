import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Resources } from '../resources.ts';
import type { CheckpointsStack } from '../stacks/checkpoints-stack.ts';
import { knownBuildsPartition } from '@top-active/aws/table-definitions';
import { allowWriting, grantHeartbeat } from './grant-leases.ts';
import { allowHostRoutes, allowRealtime, allowReceiving, allowTableKey } from './statements.ts';

/**
 * Everything that a session host may do in AWS, but for the file system of its checkpoints. It can't take on the tenant
 * role: for whom it may act, the function behind its routes decides.
 */
export function grantHost(role: Role, { data, queues, web }: Resources): void {
  allowHostRoutes(role, web);
  grantHeartbeat(role, data.table('leases').tableArn);
  allowReceiving(role, { queues: queues.wake, storageKey: data.storageKey });
  allowTableKey(role, data.storageKey);
  data.table('placements').grant(role, 'dynamodb:Query');
  // What hosts know of WhatsApp's page stands beside the placements, which they may only read.
  allowWriting(role, {
    tableArn: data.table('placements').tableArn,
    actions: ['dynamodb:UpdateItem'],
    key: knownBuildsPartition,
  });
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
