import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebSocketApi } from '../api-gateway/index.ts';
import { startDynamoDb } from '../dynamodb/index.ts';
import { startSqsS3 } from '../sqs-s3/index.ts';
import { createStsEmulator } from '../sts/index.ts';
import { createCloudMeter, meterInvocations, usageBetween, type Usage } from './index.ts';
import { itemSize } from './item-size.ts';

const config = { region: 'us-east-1', credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } };
const text = (bytes: number) => ({ S: 'x'.repeat(bytes) });

describe('the meter of the embedded cloud', () => {
  const dir = mkdtempSync(join(tmpdir(), 'metering-'));
  const meter = createCloudMeter();
  const closers: (() => unknown)[] = [];
  let dynamodb: DynamoDBClient;
  let sqs: SQSClient;
  let sts: STSClient;
  let queueUrl = '';

  beforeAll(async () => {
    const [tables, queues, tokens] = await Promise.all([
      startDynamoDb({ dir: join(dir, 'dynamodb') }),
      startSqsS3({ dir }),
      createStsEmulator({ dir }),
    ]);
    tokens.registerPrincipal({ accessKeyId: 'AKIATEST', arn: 'arn:aws:iam::000000000000:role/test' });
    dynamodb = new DynamoDBClient({ ...config, endpoint: await meter.inFrontOf('dynamodb', tables.endpoint) });
    sqs = new SQSClient({ ...config, endpoint: await meter.inFrontOf('sqs', queues.endpoint) });
    sts = new STSClient({ ...config, endpoint: await meter.inFrontOf('sts', tokens.endpoint) });
    queueUrl = queues.ensureQueue({ name: 'work' }).url;
    for (const client of [dynamodb, sqs, sts]) closers.push(() => client.destroy());
    closers.push(
      () => meter.close(),
      () => tables.close(),
      () => queues.close(),
      () => tokens.close(),
    );
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'things',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      }),
    );
  });
  afterAll(async () => {
    for (const close of closers) await close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function counted(work: () => Promise<unknown>): Promise<Usage[]> {
    const before = meter.read();
    await work();
    return usageBetween(before, meter.read());
  }

  it('counts a put by each kilobyte begun, as its size says', async () => {
    const item = { pk: text(1), sk: { S: 'MSG#1' }, body: text(2_500), n: { N: '-12.50' }, l: { L: [{ BOOL: true }] } };
    const usage = await counted(() => dynamodb.send(new PutItemCommand({ TableName: 'things', Item: item })));
    expect(usage).toEqual([
      { service: 'dynamodb', action: 'PutItem', resource: 'things MSG', amounts: { requests: 1, writeUnits: 3 } },
    ]);
    expect(Math.ceil(itemSize(item) / 1024)).toBe(3);
  });

  it('agrees with DynamoDB about where a kilobyte ends', async () => {
    const fixed = { pk: text(1), sk: { S: 'EDGE' }, n: { N: '1234567' }, m: { M: { a: { NULL: true } } } };
    const room = 1024 - itemSize({ ...fixed, body: text(0) });
    const units = async (bytes: number) => {
      const Item = { ...fixed, body: text(bytes) };
      const [usage] = await counted(() => dynamodb.send(new PutItemCommand({ TableName: 'things', Item })));
      return usage?.amounts.writeUnits;
    };
    expect(await units(room)).toBe(1);
    expect(await units(room + 1)).toBe(2);
  });

  it('counts a transaction twice, and what a small update touches by the whole item', async () => {
    const put = { Put: { TableName: 'things', Item: { pk: text(1), sk: { S: 'NEW' }, body: text(1_500) } } };
    const update = {
      TableName: 'things',
      Key: { pk: text(1), sk: { S: 'MSG#1' } },
      UpdateExpression: 'SET a = :a',
      ExpressionAttributeValues: { ':a': { S: 'a' } },
    };
    const transaction = new TransactWriteItemsCommand({ TransactItems: [put, { Update: update }] });
    expect(await counted(() => dynamodb.send(transaction))).toEqual([
      {
        service: 'dynamodb',
        action: 'TransactWriteItems',
        resource: 'things',
        amounts: { requests: 1, writeUnits: 10 },
      },
    ]);
    const [alone] = await counted(() => dynamodb.send(new UpdateItemCommand(update)));
    expect(alone?.amounts).toEqual({ requests: 1, writeUnits: 3 });
  });

  it('counts what was refused for its condition', async () => {
    const item = {
      TableName: 'things',
      Item: { pk: text(1), sk: { S: 'MSG#1' }, body: text(1_500) },
      ConditionExpression: 'attribute_not_exists(pk)',
    };
    const one = await counted(() =>
      expect(dynamodb.send(new PutItemCommand(item))).rejects.toThrow(ConditionalCheckFailedException),
    );
    expect(one.map(({ action, amounts }) => [action, amounts])).toEqual([
      ['PutItem (refused)', { requests: 1, writeUnits: 2 }],
    ]);
    const transaction = new TransactWriteItemsCommand({ TransactItems: [{ Put: item }] });
    const many = await counted(() => expect(dynamodb.send(transaction)).rejects.toThrow(TransactionCanceledException));
    expect(many.map(({ action, amounts }) => [action, amounts])).toEqual([
      ['TransactWriteItems (refused)', { requests: 1, writeUnits: 4 }],
    ]);
  });

  it('counts reads by four kilobytes, half where they may be stale', async () => {
    const query = {
      TableName: 'things',
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :from)',
      ExpressionAttributeValues: { ':pk': text(1), ':from': { S: 'MSG#' } },
    };
    const stale = await counted(() => dynamodb.send(new QueryCommand(query)));
    expect(stale.map(({ resource, amounts }) => [resource, amounts])).toEqual([
      ['things MSG', { requests: 1, readUnits: 0.5 }],
    ]);
    const [fresh] = await counted(() => dynamodb.send(new QueryCommand({ ...query, ConsistentRead: true })));
    expect(fresh?.amounts.readUnits).toBe(1);
  });

  it('counts requests to SQS by 64 KB, and receiving nothing apart', async () => {
    const usage = await counted(async () => {
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x'.repeat(100_000) }));
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    });
    expect(
      Object.fromEntries(usage.map(({ action, resource, amounts }) => [action, [resource, amounts.billedRequests]])),
    ).toEqual({
      SendMessage: ['work', 2],
      ReceiveMessage: ['work', 2],
      DeleteMessage: ['work', 1],
      'ReceiveMessage (empty)': ['work', 1],
    });
  });

  it('counts requests of the query protocol by their names', async () => {
    expect(await counted(() => sts.send(new GetCallerIdentityCommand({})))).toEqual([
      { service: 'sts', action: 'GetCallerIdentity', resource: '', amounts: { requests: 1 } },
    ]);
  });

  it('counts what is pushed to a WebSocket, at the address of its stage', async () => {
    const api = await createWebSocketApi({ stage: 'live', apiId: 'a', invoke: async () => ({ statusCode: 200 }) });
    const endpoint = await meter.inFrontOf('websocket', api.managementEndpoint);
    const management = new ApiGatewayManagementApiClient({ ...config, endpoint });
    closers.unshift(
      () => management.destroy(),
      () => api.close(),
    );
    const usage = await counted(async () => {
      const push = new PostToConnectionCommand({ ConnectionId: 'nobody=', Data: '{}' });
      await expect(management.send(push)).rejects.toThrow(GoneException);
    });
    expect(usage).toEqual([
      { service: 'websocket', action: 'POST @connections', resource: '', amounts: { requests: 1, billedRequests: 1 } },
    ]);
  });

  it('counts an invocation with its time, also a failed one, and the API request that it answers', async () => {
    const invoke = meterInvocations({
      invoke: (name) => (name === 'broken' ? Promise.reject(new Error('broken')) : Promise.resolve('done')),
      memoryOf: () => 512,
      meter,
    });
    const usage = await counted(async () => {
      expect(await invoke('works', { requestContext: { http: { method: 'GET' } } })).toBe('done');
      await expect(invoke('broken', { requestContext: { connectionId: 'c', eventType: 'MESSAGE' } })).rejects.toThrow(
        'broken',
      );
    });
    const [http, broken, works, socket] = usage;
    expect(http).toMatchObject({ service: 'http-api', amounts: { requests: 1, billedRequests: 1 } });
    expect(broken).toMatchObject({ service: 'lambda', resource: 'broken', amounts: { requests: 1 } });
    expect(works?.amounts.megabyteSeconds).toBeCloseTo(((works?.amounts.milliseconds ?? 0) * 512) / 1000);
    expect(works?.amounts.milliseconds).toBeGreaterThan(0);
    expect(socket).toMatchObject({ service: 'websocket', action: 'message in', amounts: { billedRequests: 1 } });
  });
});
