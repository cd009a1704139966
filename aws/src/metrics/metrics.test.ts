import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { metrics } from './metrics.ts';
import { watchCalls } from './watch-calls.ts';

type Line = Record<string, unknown> & {
  _aws: {
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }[];
  };
};

let lines: Line[];
beforeEach(() => {
  vi.stubEnv('STAGE', 'test');
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(JSON.parse(String(line)) as Line) > 0);
});
afterEach(() => {
  metrics.flush();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('metrics', () => {
  it('are one line with the stage as only dimension, each value kept', () => {
    metrics.emit('MessageDelay', 120);
    metrics.emit('MessageDelay', 80);
    metrics.emit('Suggestions');
    metrics.flush();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ stage: expect.any(String), MessageDelay: [120, 80], Suggestions: 1 });
    expect(lines[0]?.['_aws'].CloudWatchMetrics).toEqual([
      {
        Namespace: 'TopActive',
        Dimensions: [['stage']],
        Metrics: [
          { Name: 'MessageDelay', Unit: 'Milliseconds' },
          { Name: 'Suggestions', Unit: 'Count' },
        ],
      },
    ]);
  });

  it('of a route count for the route and for all routes together', () => {
    metrics.emitForRoute('ServerErrors', 'GET /api/chats');
    expect(lines[0]).toMatchObject({ route: 'GET /api/chats', ServerErrors: 1 });
    expect(lines[0]?.['_aws'].CloudWatchMetrics[0]?.Dimensions).toEqual([['stage'], ['stage', 'route']]);
  });

  it('write nothing when there is nothing', () => {
    metrics.flush();
    expect(lines).toEqual([]);
  });
});

describe('calls that are watched', () => {
  let server: Server;
  let endpoint: string;
  let answer: string;
  beforeEach(async () => {
    server = createServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => server.close());

  const account = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

  it('count every throttled try, though the SDK tries again', async () => {
    answer = JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException' });
    const client = watchCalls(new DynamoDBClient({ ...account, endpoint, maxAttempts: 3 }), 'dynamodb');
    const asked = client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }));
    await expect(asked).rejects.toMatchObject({ name: 'ThrottlingException' });
    client.destroy();
    metrics.flush();
    expect(lines[0]).toMatchObject({ AwsThrottles: [1, 1, 1] });
  });

  it('count what KMS refuses', async () => {
    answer = JSON.stringify({ __type: 'DisabledException', message: 'the key is disabled' });
    const client = watchCalls(new KMSClient({ ...account, endpoint }), 'kms');
    await expect(client.send(new DecryptCommand({ CiphertextBlob: Buffer.from('x') }))).rejects.toThrow('disabled');
    client.destroy();
    metrics.flush();
    expect(lines[0]).toMatchObject({ KeyFailures: 1 });
    expect(lines[0]).not.toHaveProperty('AwsThrottles');
  });
});
