import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { tableDefinitions } from '@top-active/aws/table-definitions';
import { awsEnvironment } from '@top-active/local/stack/environment';
import { attemptsOnApi } from '@top-active/operations/isolation/attempts-on-api';
import { attemptsOnItem, attemptsOnTable, everySortKey } from '@top-active/operations/isolation/attempts-on-items';
import { attemptsOnDataKey, attemptsOnObjects } from '@top-active/operations/isolation/attempts-on-services';
import { attemptsOnTheRest } from '@top-active/operations/isolation/attempts-on-the-rest';
import { playAttempts, type Played } from '@top-active/operations/isolation/play-attempts';
import { startLambdasFixture, type LambdasFixture } from '@top-active/tests/support/lambdas-fixture';

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}
export interface Row extends Played {
  area: string;
}

const purposes = ['credentials', 'oauth', 'checkpoint'];
const region = 'us-east-1';

/** Two users who registered over the API; the attacker has the strongest tenant session, that of the assistant. */
export async function playIsolation(): Promise<Row[]> {
  const fixture = await startLambdasFixture({ onDenied: () => undefined });
  try {
    const [attacker, neighbour] = [await fixture.newUser(), await fixture.newUser()];
    const mark = `secret-of-${neighbour.userId}`;
    await neighbour.api.request('/api/me', { method: 'PATCH', body: { name: mark.slice(0, 100), about: mark } });
    const reach = {
      fixture,
      mark,
      own: attacker.userId,
      neighbour: neighbour.userId,
      asOwn: await tenantSession(fixture, attacker.userId),
      asNeighbour: await tenantSession(fixture, neighbour.userId),
    };
    const before = await stored(fixture);
    const rows = [
      await onTable(reach, 'items'),
      await onTable(reach, 'keys'),
      await onDataKeys(reach),
      await onObjects(reach),
      await onTheRest(reach),
      {
        area: 'HTTP API',
        ...(await playAttempts(
          attemptsOnApi({
            origin: fixture.origin,
            token: attacker.api.accessToken ?? '',
            ids: [neighbour.userId, '01JD3W5ZK2Q8N6V4T0XHRB7MCA', '../me', `USER#${neighbour.userId}`],
            mark,
          }),
          mark,
        )),
      },
    ];
    const after = await stored(fixture);
    const lost = before.filter((item) => !after.includes(item) && item.includes(neighbour.userId));
    const through = lost.map((item) => ({ what: 'an item of the neighbour’s has changed', outcome: item }));
    return [...rows, { area: 'items unchanged', tried: before.length, through }];
  } finally {
    await fixture.close();
  }
}

interface Reach {
  fixture: LambdasFixture;
  mark: string;
  own: string;
  neighbour: string;
  asOwn: Credentials;
  asNeighbour: Credentials;
}

async function onTable({ fixture, ...reach }: Reach, table: 'items' | 'keys'): Promise<Row> {
  const name = fixture.cloud.tables[table];
  const theirs = new DynamoDBClient(options(fixture.cloud.endpoints.dynamodb, reach.asNeighbour));
  const client = new DynamoDBClient(options(fixture.cloud.endpoints.dynamodb, reach.asOwn));
  const sortKeys = table === 'items' ? everySortKey() : purposes.map((purpose) => `DATAKEY#${purpose}`);
  for (const sk of sortKeys.filter((key) => !key.startsWith('PROFILE'))) {
    const places = Object.fromEntries(tableDefinitions[table].indexes.map(({ sortKey }) => [sortKey, { S: sk }]));
    const Item = {
      ...places,
      pk: { S: `USER#${reach.neighbour}` },
      sk: { S: `${sk}#planted` },
      text: { S: reach.mark },
    };
    await theirs.send(new PutItemCommand({ TableName: name, Item }));
  }
  const on = { client, table: name, own: reach.own, neighbour: reach.neighbour };
  const attempts = [
    ...sortKeys.flatMap((sk) => [...attemptsOnItem(on, sk), ...attemptsOnItem(on, `${sk}#planted`)]),
    ...attemptsOnTable(on),
  ];
  const played = await playAttempts(attempts, reach.mark);
  client.destroy();
  theirs.destroy();
  return { area: `DynamoDB, table ${table}`, ...played };
}

async function onDataKeys({ fixture: { cloud }, ...reach }: Reach): Promise<Row> {
  const kms = new KMSClient(options(cloud.endpoints.kms, reach.asOwn));
  const theirs = new KMSClient(options(cloud.endpoints.kms, reach.asNeighbour));
  const attempts = [];
  for (const purpose of purposes) {
    const { CiphertextBlob: wrapped = new Uint8Array() } = await theirs.send(
      new GenerateDataKeyCommand({
        KeyId: cloud.kmsKeyId,
        KeySpec: 'AES_256',
        EncryptionContext: { userId: reach.neighbour, purpose },
      }),
    );
    attempts.push(...attemptsOnDataKey({ ...reach, kms, keyId: cloud.kmsKeyId, wrapped, purpose }));
  }
  const played = await playAttempts(attempts, reach.mark);
  kms.destroy();
  theirs.destroy();
  return { area: 'KMS', ...played };
}

async function onObjects({ fixture: { cloud }, ...reach }: Reach): Promise<Row> {
  const Bucket =
    cloud.deployment
      .arnsOf('AWS::S3::Bucket')
      .find((arn) => arn.includes('media'))
      ?.split(':::')[1] ?? '';
  const open = (credentials: Credentials) =>
    new S3Client({ ...options(cloud.endpoints.sqs, credentials), forcePathStyle: true });
  const [s3, theirs] = [open(reach.asOwn), open(reach.asNeighbour)];
  const names = ['photo.jpg', 'deep/er/voice.ogg', 'with space & sign'];
  for (const name of names)
    await theirs.send(new PutObjectCommand({ Bucket, Key: `users/${reach.neighbour}/${name}`, Body: reach.mark }));
  const attempts = names.flatMap((name) => attemptsOnObjects({ ...reach, s3, Bucket, name }));
  const played = await playAttempts(attempts, reach.mark);
  s3.destroy();
  theirs.destroy();
  return { area: 'S3', ...played };
}

async function onTheRest({ fixture, ...reach }: Reach): Promise<Row> {
  const { cloud } = fixture;
  const { endpoints } = cloud;
  const clients = {
    dynamoDb: new DynamoDBClient(options(endpoints.dynamodb, reach.asOwn)),
    sqs: new SQSClient(options(endpoints.sqs, reach.asOwn)),
    secrets: new SecretsManagerClient(options(endpoints.secretsManager, reach.asOwn)),
    cognito: new CognitoIdentityProviderClient(options(endpoints.cognito, reach.asOwn)),
    streams: new DynamoDBStreamsClient(options(endpoints.dynamodb, reach.asOwn)),
    sts: new STSClient(options(endpoints.sts, reach.asOwn)),
    management: new ApiGatewayManagementApiClient(options(fixture.environment.realtimeEndpoint, reach.asOwn)),
  };
  const attempts = attemptsOnTheRest({
    ...reach,
    clients,
    tables: Object.values(cloud.tables).filter((name) => name !== cloud.tables.items && name !== cloud.tables.keys),
    queues: [cloud.assistantQueue.url, cloud.wakeQueueUrlTemplate.replace('{shard}', '0')],
    secretArn: cloud.deployment.workload('google').environment.GOOGLE_CLIENT_SECRET_ARN,
    userPoolId: cloud.pool.userPoolId,
    streamArn: cloud.itemsStreamArn,
    tenantRoleArn: cloud.deployment.workload('assistant').environment.TENANT_ROLE_ARN,
  });
  const played = await playAttempts(attempts, reach.mark);
  for (const client of Object.values(clients)) client.destroy();
  return { area: 'tables, queues, secrets, people, sockets, roles', ...played };
}

async function tenantSession({ cloud }: LambdasFixture, userId: string): Promise<Credentials> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '' } = awsEnvironment(cloud, 'assistant');
  const sts = new STSClient(options(cloud.endpoints.sts, { accessKeyId, secretAccessKey: 'x' }));
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: cloud.deployment.workload('assistant').environment.TENANT_ROLE_ARN,
      RoleSessionName: `user-${userId}`,
      Tags: [{ Key: 'userId', Value: userId }],
      TransitiveTagKeys: ['userId'],
    }),
  );
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = given ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** All of both tables, as the owner of the machine sees it. */
async function stored({ cloud }: LambdasFixture): Promise<string[]> {
  const client = new DynamoDBClient(options(cloud.servers.dynamodb, { accessKeyId: 'owner', secretAccessKey: 'x' }));
  const tables = [cloud.tables.items, cloud.tables.keys];
  const pages = await Promise.all(tables.map((TableName) => client.send(new ScanCommand({ TableName }))));
  client.destroy();
  return pages.flatMap(({ Items = [] }) =>
    Items.map((item) => JSON.stringify(Object.entries(item).toSorted(([a], [b]) => a.localeCompare(b)))),
  );
}

function options(endpoint: string, credentials: Credentials) {
  return { endpoint, region, credentials, maxAttempts: 1 };
}
