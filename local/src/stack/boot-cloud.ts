import { DynamoDBClient, type CreateTableCommandInput, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { tableDefinitions, type TableDefinition, type TableName } from '@top-active/aws/table-definitions';
import { createCognitoEmulator, type CognitoMail, type EnsuredPool } from '../cloud/cognito/index.ts';
import { ensureTables, startDynamoDb } from '../cloud/dynamodb/index.ts';
import { createKmsEmulator } from '../cloud/kms/index.ts';
import type { CloudMeter, MeteredService } from '../cloud/metering/index.ts';
import { startSqsS3, type EnsuredQueue } from '../cloud/sqs-s3/index.ts';
import { createStsEmulator, type StsEmulator } from '../cloud/sts/index.ts';
import { localRegion } from '../cloud/wire/index.ts';
import type { Closers } from './closers.ts';
import { startSideBySide } from './start-side-by-side.ts';
import type { StateFolder } from './state-folder.ts';

/** Addresses and names of everything in the embedded cloud. */
export interface Cloud {
  endpoints: { dynamodb: string; sqs: string; kms: string; sts: string; cognito: string };
  sts: StsEmulator;
  tables: Readonly<Record<TableName, string>>;
  /** ARN of the items table's stream. */
  itemsStreamArn: string;
  kmsKeyId: string;
  pool: EnsuredPool;
  assistantQueue: EnsuredQueue;
  /** Keeps stream records that a function could not take, as the on-failure destination does. */
  keepStreamFailures(records: readonly object[]): Promise<void>;
  wakeQueueUrlTemplate: string;
}

/** Fewer than in AWS: one host on one laptop. */
export const localShards = 2;

const provisioner = { accessKeyId: 'AKIALOCALPROVISIONER', secretAccessKey: 'local' };

/** Starts the emulators and makes what the deployment would make in them. */
export async function bootCloud({
  state,
  closers,
  onEmail,
  hidden = false,
  meter,
  onError,
}: {
  state: StateFolder;
  closers: Closers;
  onEmail: (mail: CognitoMail) => void;
  /** The tables hold somebody's real chats. */
  hidden?: boolean | undefined;
  /** Counts every request. */
  meter?: CloudMeter | undefined;
  /** Told when a part that others need has ended by itself. */
  onError: (error: unknown) => void;
}): Promise<Cloud> {
  const { dynamodb, sqs, kms, sts, cognito } = await startSideBySide(closers, {
    dynamodb: () =>
      startDynamoDb({
        hidden,
        dir: state.part('dynamodb'),
        endpoint: process.env.DYNAMODB_ENDPOINT,
        onExit: (cause) =>
          onError(new Error('DynamoDB is gone: nothing works until this stack is started again.', { cause })),
      }),
    sqs: () => startSqsS3({ dir: state.part('sqs-s3') }),
    kms: () => createKmsEmulator({ dir: state.part('kms') }),
    sts: () => createStsEmulator({ dir: state.part('sts') }),
    cognito: () => createCognitoEmulator({ dir: state.part('cognito'), onEmail }),
  });
  sts.registerPrincipal({ accessKeyId: provisioner.accessKeyId, arn: roleArn('provisioner') });

  const metered = async (service: MeteredService, { endpoint }: { endpoint: string }) =>
    meter ? meter.inFrontOf(service, endpoint) : endpoint;
  const endpoints = {
    dynamodb: await metered('dynamodb', dynamodb),
    sqs: await metered('sqs', sqs),
    kms: await metered('kms', kms),
    sts: await metered('sts', sts),
    cognito: await metered('cognito', cognito),
  };

  const { tables, itemsStreamArn } = await makeTables(dynamodb.endpoint);
  const wakeQueues = Array.from({ length: localShards }, (_, shard) =>
    sqs.ensureQueue({ name: `wake-${shard}`, fifo: true, visibilityTimeout: 120, maxReceiveCount: 20 }),
  );
  const assistantQueue = sqs.ensureQueue({ name: 'assistant', fifo: true, visibilityTimeout: 90, maxReceiveCount: 3 });
  const failures = sqs.ensureQueue({ name: 'dispatch-failures' });
  const sqsClient = new SQSClient({ endpoint: sqs.endpoint, region: localRegion, credentials: provisioner });
  closers.add(() => sqsClient.destroy());
  return {
    endpoints,
    sts,
    tables,
    itemsStreamArn,
    kmsKeyId: kms.ensureKey({ alias: 'alias/top-active-secrets', description: 'Wraps one data key per user secret' })
      .keyId,
    pool: cognito.ensurePool({
      name: 'top-active',
      clientName: 'web',
      client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_AUTH'], AuthSessionValidity: 15 },
    }),
    assistantQueue: { ...assistantQueue, url: assistantQueue.url.replace(sqs.endpoint, endpoints.sqs) },
    async keepStreamFailures(records) {
      await sqsClient.send(
        new SendMessageCommand({ QueueUrl: failures.url, MessageBody: JSON.stringify({ records }) }),
      );
    },
    wakeQueueUrlTemplate: (wakeQueues[0]?.url ?? '')
      .replace('wake-0', 'wake-{shard}')
      .replace(sqs.endpoint, endpoints.sqs),
  };
}

export function roleArn(name: string): string {
  return `arn:aws:iam::000000000000:role/${name}`;
}

export function sessionArn(role: string, session: string): string {
  return `arn:aws:sts::000000000000:assumed-role/${role}/${session}`;
}

async function makeTables(endpoint: string): Promise<{ tables: Record<TableName, string>; itemsStreamArn: string }> {
  const tables = {
    items: 'items',
    keys: 'keys',
    placements: 'placements',
    limits: 'limits',
    erasures: 'erasures',
    leases: 'leases',
  };
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials: provisioner });
  try {
    const streams = await ensureTables(client, [
      createTableInput(tables.items, tableDefinitions.items),
      createTableInput(tables.keys, tableDefinitions.keys),
      createTableInput(tables.placements, tableDefinitions.placements),
      createTableInput(tables.limits, tableDefinitions.limits),
      createTableInput(tables.erasures, tableDefinitions.erasures),
      createTableInput(tables.leases, tableDefinitions.leases),
    ]);
    const itemsStreamArn = streams.get(tables.items);
    if (!itemsStreamArn) throw new Error('The items table has no stream');
    return { tables, itemsStreamArn };
  } finally {
    client.destroy();
  }
}

function createTableInput(name: string, definition: TableDefinition): CreateTableCommandInput {
  const { partitionKey, sortKey, indexes, stream } = definition;
  const attributes = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(partitionKey, sortKey),
    AttributeDefinitions: [...new Set(attributes)].flatMap((attribute) =>
      attribute ? [{ AttributeName: attribute, AttributeType: 'S' as const }] : [],
    ),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: 'ALL' as const },
      })),
    }),
    ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
  };
}

function keySchema(partitionKey: string, sortKey?: string): KeySchemaElement[] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    ...(sortKey ? [{ AttributeName: sortKey, KeyType: 'RANGE' as const }] : []),
  ];
}
