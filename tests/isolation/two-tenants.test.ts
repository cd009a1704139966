import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableDefinitions } from '@top-active/aws/table-definitions';
import { createWebSocketApi } from '@top-active/cloud/api-gateway';
import { bootCloud, type Cloud } from '@top-active/local/stack/boot-cloud';
import { createClosers } from '@top-active/local/stack/closers';
import { awsEnvironment } from '@top-active/local/stack/environment';
import {
  attemptsOnItem,
  attemptsOnTable,
  everySortKey,
  type Attempt,
} from '@top-active/operations/isolation/attempts-on-items';
import { attemptsOnTheRest } from '@top-active/operations/isolation/attempts-on-the-rest';
import { playAttempts, type Played } from '@top-active/operations/isolation/play-attempts';
import { attemptsOnDataKey, attemptsOnObjects } from '@top-active/operations/isolation/attempts-on-services';

const closers = createClosers();
const region = 'us-east-1';
const ana = randomUUID();
const bia = randomUUID();
/** In everything that is Bia's. */
const mark = `secret-${randomUUID()}`;
const purposes = ['credentials', 'oauth', 'checkpoint'];
let cloud: Cloud;
let asAna: Credentials;
let asBia: Credentials;
let bucket = '';
let tried = 0;

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

beforeAll(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'two-tenants-'));
  closers.add(() => rmSync(dir, { recursive: true, force: true }));
  const state = { dir, part: (name: string) => join(dir, name), release: () => undefined };
  cloud = await bootCloud({ state, closers, onEmail: () => undefined, onError: fail });
  asAna = await tenantSession(ana);
  asBia = await tenantSession(bia);
  bucket =
    (cloud.deployment.arnsOf('AWS::S3::Bucket').find((arn) => arn.includes('media')) ?? '').split(':::')[1] ?? '';
});
afterAll(async () => {
  await closers.closeAll();
  process.stdout.write(`Two tenants: ${tried} attempts on a neighbour, all denied.\n`);
});

function indexesOf(table: 'items' | 'keys') {
  return tableDefinitions[table].indexes;
}

function fail(error: unknown): never {
  throw error;
}

/** The strongest tenant session there is: the one that may open secrets. As the product takes it on. */
async function tenantSession(userId: string): Promise<Credentials> {
  const { AWS_ACCESS_KEY_ID = '' } = awsEnvironment(cloud, 'assistant');
  const sts = open(
    new STSClient(options(cloud.endpoints.sts, { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: 'x' })),
  );
  const { Credentials } = await sts.send(assume(userId));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

function assume(userId: string): AssumeRoleCommand {
  return new AssumeRoleCommand({
    RoleArn: cloud.deployment.workload('assistant').environment.TENANT_ROLE_ARN,
    RoleSessionName: `user-${userId}`,
    Tags: [{ Key: 'userId', Value: userId }],
    TransitiveTagKeys: ['userId'],
  });
}

function options(endpoint: string, credentials: { accessKeyId: string; secretAccessKey: string }) {
  return { endpoint, region, credentials, maxAttempts: 1 };
}

function open<Client extends { destroy(): void }>(client: Client): Client {
  closers.add(() => client.destroy());
  return client;
}

const dynamoDb = (credentials: Credentials) => open(new DynamoDBClient(options(cloud.endpoints.dynamodb, credentials)));

/** What came of each attempt that IAM did not deny. */
async function outcomes(attempts: readonly Attempt[]): Promise<Played['through']> {
  const played = await playAttempts(attempts, mark);
  tried += played.tried;
  return played.through;
}

/** All of a table, seen by the owner of the machine. */
async function stored(TableName: string): Promise<unknown[]> {
  const client = open(
    new DynamoDBClient(options(cloud.servers.dynamodb, { accessKeyId: 'owner', secretAccessKey: 'x' })),
  );
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  return Items.map((item) =>
    JSON.stringify(Object.entries(item).toSorted(([a], [b]) => a.localeCompare(b))),
  ).toSorted();
}

describe.each(['items', 'keys'] as const)("a neighbour's partition of the table %s", (table) => {
  it('is closed: every kind of item, by every operation, alone and among own items', async () => {
    const TableName = cloud.tables[table];
    const theirs = dynamoDb(asBia);
    const sortKeys = table === 'items' ? everySortKey() : purposes.map((purpose) => `DATAKEY#${purpose}`);
    expect(sortKeys.length).toBeGreaterThan(table === 'items' ? 25 : 2);
    for (const sk of sortKeys) {
      const places = Object.fromEntries(indexesOf(table).map(({ sortKey }) => [sortKey, { S: sk }]));
      const Item = { ...places, pk: { S: `USER#${bia}` }, sk: { S: sk }, text: { S: mark } };
      await theirs.send(new PutItemCommand({ TableName, Item }));
    }
    const before = await stored(TableName);
    const reach = { client: dynamoDb(asAna), table: TableName, own: ana, neighbour: bia };
    for (const sk of sortKeys) expect(await outcomes(attemptsOnItem(reach, sk))).toEqual([]);
    expect(await outcomes(attemptsOnTable(reach))).toEqual([]);
    expect(await stored(TableName)).toEqual(before);
  });
});

describe("a neighbour's lists", () => {
  it.each(indexesOf('items'))('cannot be written into from the own partition: $name', async (index) => {
    const TableName = cloud.tables.items;
    const own = dynamoDb(asAna);
    // Every key that an index has, and what keys of indexes are called by habit.
    const places = [index.partitionKey, 'gsi1pk', 'userId', 'owner']
      .filter((attribute) => attribute !== 'pk')
      .map((attribute) => [attribute, { S: `USER#${bia}` }]);
    const foreign = { ...Object.fromEntries(places), [index.sortKey]: { S: '~' }, text: { S: 'from Ana' } };
    await own.send(new PutItemCommand({ TableName, Item: { ...foreign, pk: { S: `USER#${ana}` }, sk: { S: 'X' } } }));
    const listed = await dynamoDb(asBia).send(
      new QueryCommand({
        TableName,
        IndexName: index.name,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': index.partitionKey },
        ExpressionAttributeValues: { ':pk': { S: `USER#${bia}` } },
      }),
    );
    expect(listed.Items?.length).toBeGreaterThan(0);
    expect(JSON.stringify(listed.Items)).not.toContain('from Ana');
  });
});

describe("a neighbour's secrets, objects and everything else", () => {
  it('are closed: data keys', async () => {
    const own = open(new KMSClient(options(cloud.endpoints.kms, asAna)));
    const theirs = open(new KMSClient(options(cloud.endpoints.kms, asBia)));
    for (const purpose of purposes) {
      const context = { userId: bia, purpose };
      const { CiphertextBlob = new Uint8Array() } = await theirs.send(
        new GenerateDataKeyCommand({ KeyId: cloud.kmsKeyId, KeySpec: 'AES_256', EncryptionContext: context }),
      );
      const attempt = { kms: own, keyId: cloud.kmsKeyId, wrapped: CiphertextBlob, own: ana, neighbour: bia, purpose };
      expect(await outcomes(attemptsOnDataKey(attempt))).toEqual([]);
    }
  });

  it('are closed: objects', async () => {
    const s3 = (credentials: Credentials) =>
      open(new S3Client({ ...options(cloud.endpoints.sqs, credentials), forcePathStyle: true }));
    const theirs = s3(asBia);
    const names = ['photo.jpg', 'deep/er/voice.ogg', 'with space & sign'];
    for (const name of names)
      await theirs.send(new PutObjectCommand({ Bucket: bucket, Key: `users/${bia}/${name}`, Body: mark }));
    for (const name of names)
      expect(
        await outcomes(attemptsOnObjects({ s3: s3(asAna), Bucket: bucket, own: ana, neighbour: bia, name })),
      ).toEqual([]);
    const { Contents = [] } = await theirs.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `users/${bia}/` }));
    expect(Contents).toHaveLength(names.length);
    const { Body } = await theirs.send(new GetObjectCommand({ Bucket: bucket, Key: `users/${bia}/photo.jpg` }));
    expect(await Body?.transformToString()).toBe(mark);
  });

  it('are closed: other tables, queues, secrets, streams, people, connections and sessions', async () => {
    const sockets = await createWebSocketApi({
      stage: 'live',
      apiId: cloud.deployment.apis.webSocket,
      authorize: cloud.authorizer.authorize,
      authorizerFunction: '',
      invoke: () => Promise.reject(new Error('Nothing is invoked')),
    });
    closers.add(() => sockets.close());
    const attempts = attemptsOnTheRest({
      clients: {
        dynamoDb: dynamoDb(asAna),
        sqs: open(new SQSClient(options(cloud.endpoints.sqs, asAna))),
        secrets: open(new SecretsManagerClient(options(cloud.endpoints.secretsManager, asAna))),
        cognito: open(new CognitoIdentityProviderClient(options(cloud.endpoints.cognito, asAna))),
        streams: open(new DynamoDBStreamsClient(options(cloud.endpoints.dynamodb, asAna))),
        sts: open(new STSClient(options(cloud.endpoints.sts, asAna))),
        management: open(new ApiGatewayManagementApiClient(options(sockets.managementEndpoint, asAna))),
      },
      tables: Object.values(cloud.tables).filter((name) => name !== cloud.tables.items && name !== cloud.tables.keys),
      queues: [cloud.assistantQueue.url, cloud.wakeQueueUrlTemplate.replace('{shard}', '0')],
      secretArn: cloud.deployment.workload('google').environment.GOOGLE_CLIENT_SECRET_ARN,
      userPoolId: cloud.pool.userPoolId,
      streamArn: cloud.itemsStreamArn,
      tenantRoleArn: cloud.deployment.workload('assistant').environment.TENANT_ROLE_ARN,
      own: ana,
      neighbour: bia,
    });
    expect(await outcomes(attempts)).toEqual([]);
  });
});

describe('nobody', () => {
  it.each(['', 'USER', ana.slice(1), `${ana}0`])('is a tenant by the name of "%s"', async (userId) => {
    await expect(tenantSession(userId)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('gets in with a key that was never given out, a token of another session, or none', async () => {
    const TableName = cloud.tables.items;
    const Key = { pk: { S: `USER#${ana}` }, sk: { S: 'PROFILE' } };
    const read = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
      open(new DynamoDBClient(options(cloud.endpoints.dynamodb, credentials))).send(
        new GetItemCommand({ TableName, Key }),
      );
    const unrecognized = { name: 'UnrecognizedClientException' };
    await expect(read({ accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' })).rejects.toMatchObject(unrecognized);
    await expect(read({ ...asAna, sessionToken: asBia.sessionToken })).rejects.toMatchObject(unrecognized);
    const unsigned = await fetch(cloud.endpoints.dynamodb, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
      body: JSON.stringify({ TableName, Key }),
    });
    expect([unsigned.status, await unsigned.text()]).toEqual([403, expect.stringContaining('MissingAuthentication')]);
  });

  it('but the owner of the session reads what is theirs', async () => {
    const Key = { pk: { S: `USER#${ana}` }, sk: { S: 'PROFILE' } };
    const { $metadata } = await dynamoDb(asAna).send(new GetItemCommand({ TableName: cloud.tables.items, Key }));
    expect($metadata.httpStatusCode).toBe(200);
  });
});
