import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { WorkQueue } from '../constructs/work-queue.ts';
import type { WebStack } from '../stacks/web-stack.ts';

/** Lets a role become the tenant role for one user at a time. */
export function allowAssuming(assumer: Role, tenant: Role): void {
  assumer.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      resources: [tenant.roleArn],
      conditions: {
        StringLike: { 'aws:RequestTag/userId': '*' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['userId'] },
        Null: { 'aws:RequestTag/userId': 'false' },
      },
    }),
  );
}

/** Tables are encrypted with a key of ours; DynamoDB uses it in the caller's name, and for nothing else. */
export function allowTableKey(role: Role, storageKey: Key): void {
  allowKeyVia(role, { key: storageKey, service: 'dynamodb', actions: ['kms:Decrypt'] });
}

/** Lets a role put messages into queues, and not read them. */
export function allowSending(role: Role, { queues, storageKey }: { queues: WorkQueue[]; storageKey: Key }): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: queues.map(({ queue }) => queue.queueArn) }),
  );
  allowKeyVia(role, { key: storageKey, service: 'sqs', actions: ['kms:GenerateDataKey', 'kms:Decrypt'] });
}

/** Lets a role take messages out of queues, and put none in. */
export function allowReceiving(role: Role, { queues, storageKey }: { queues: WorkQueue[]; storageKey: Key }): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
      resources: queues.map(({ queue }) => queue.queueArn),
    }),
  );
  allowKeyVia(role, { key: storageKey, service: 'sqs', actions: ['kms:Decrypt'] });
}

/** Lets a role push hints to open WebSockets, and close them. */
export function allowRealtime(role: Role, { webSocketApi }: WebStack): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['execute-api:ManageConnections'],
      resources: ['POST', 'DELETE'].map((method) =>
        webSocketApi.arnForExecuteApiV2(`${method}/@connections/*`, 'live'),
      ),
    }),
  );
}

function allowKeyVia(
  role: Role,
  { key, service, actions }: { key: Key; service: 'dynamodb' | 'sqs'; actions: string[] },
): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions,
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    }),
  );
}
