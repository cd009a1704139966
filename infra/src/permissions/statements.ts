import { Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { functions } from '@top-active/lambdas/functions';
import { exportName } from '../export-name.ts';
import type { WebStack } from '../stacks/web-stack.ts';
import { acknowledgeWildcard } from './wildcards.ts';

/** A queue that brings its dead-letter queue, or is one. */
interface HasQueue {
  queue: IQueue;
}

/** A user's id is a UUID. An empty one would be a partition that all share whose id was lost on the way. */
export const userIdPattern = '????????-????-????-????-????????????';

/** Lets a role become the tenant role for one user at a time. */
export function allowAssuming(assumer: Role, tenant: Role): void {
  assumer.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      resources: [tenant.roleArn],
      conditions: {
        StringLike: { 'aws:RequestTag/userId': userIdPattern },
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
export function allowSending(
  role: Role,
  { queues, storageKey }: { queues: readonly HasQueue[]; storageKey: Key },
): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: queues.map(({ queue }) => queue.queueArn) }),
  );
  allowKeyVia(role, { key: storageKey, service: 'sqs', actions: ['kms:GenerateDataKey', 'kms:Decrypt'] });
}

/** Lets a role take messages out of queues, and put none in. */
export function allowReceiving(
  role: Role,
  { queues, storageKey }: { queues: readonly HasQueue[]; storageKey: Key },
): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
      resources: queues.map(({ queue }) => queue.queueArn),
    }),
  );
  allowKeyVia(role, { key: storageKey, service: 'sqs', actions: ['kms:Decrypt'] });
}

/** Lets Lambda poll queues in a function's name. */
export function allowPolling(
  role: Role,
  { queues, storageKey }: { queues: readonly HasQueue[]; storageKey: Key },
): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      resources: queues.map(({ queue }) => queue.queueArn),
    }),
  );
  allowKeyVia(role, { key: storageKey, service: 'sqs', actions: ['kms:Decrypt'] });
}

/** Lets Lambda read a table's streams in a function's name: the one it has, and the one it gets when it is restored. */
export function allowStream(role: Role, { table, storageKey }: { table: Table; storageKey: Key }): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [`${table.tableArn}/stream/*`],
    }),
  );
  acknowledgeWildcard(role, 'streamsOfTable', `${exportName(Stack.of(table), table.tableArn)}/stream/*`);
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: ['*'] }));
  allowTableKey(role, storageKey);
}

/** Lets a role call the routes that are open to IAM principals, and no others. */
export function allowHostRoutes(role: Role, { httpApi }: WebStack): void {
  const routes = functions.flatMap(({ trigger }) => (trigger.kind === 'http' ? trigger.routes : []));
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['execute-api:Invoke'],
      resources: routes
        .filter(({ authorizer }) => authorizer === 'iam')
        .map(
          ({ method, path }) =>
            `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${httpApi.apiId}/$default/${method}${path}`,
        ),
    }),
  );
}

/** Lets a role read one secret of the operator. */
export function allowSecret(role: Role, secretArn: string): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }),
  );
}

/** Lets a role push hints to open WebSockets, and close them. */
export function allowRealtime(role: Role, { webSocketApi, webSocketApiExport, realtimeStage }: WebStack): void {
  const connections = ['POST', 'DELETE'].map((method) => `${method}/@connections/*`);
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['execute-api:ManageConnections'],
      resources: connections.map((path) => webSocketApi.arnForExecuteApiV2(path, realtimeStage)),
    }),
  );
  for (const path of connections)
    acknowledgeWildcard(
      role,
      'connections',
      `arn:aws:execute-api:${Stack.of(role).region}:<AWS::AccountId>:${webSocketApiExport}/${realtimeStage}/${path}`,
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
