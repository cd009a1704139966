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
    metrics.emit('ServerErrors', 1, { route: 'GET /api/chats' });
    expect(lines[0]).toMatchObject({ route: 'GET /api/chats', ServerErrors: 1 });
    expect(lines[0]?.['_aws'].CloudWatchMetrics[0]?.Dimensions).toEqual([['stage'], ['stage', 'route']]);
  });

  it('of a page build and of a type of message likewise, each value of its own', () => {
    metrics.emit('CapabilitiesMissing', 3, { build: '2.3000.1048032155' });
    metrics.emit('MessagesOnPhone', 1, { type: 'scheduled_event-edit' });
    expect(lines).toMatchObject([
      { stage: 'test', build: '2.3000.1048032155', CapabilitiesMissing: 3 },
      { stage: 'test', type: 'scheduled_event-edit', MessagesOnPhone: 1 },
    ]);
    expect(lines[0]?.['_aws'].CloudWatchMetrics[0]?.Dimensions).toEqual([['stage'], ['stage', 'build']]);
  });

  it.each(['', 'a name', '2.3000.1-alpha', '1'.repeat(33), 'route=x'])(
    'take what does not look like a build, as %j, for "other": the page says it',
    (build) => {
      metrics.emit('CapabilitiesRepaired', 1, { build });
      expect(lines[0]).toMatchObject({ build: 'other', CapabilitiesRepaired: 1 });
    },
  );

  it.each(['Ana Souza', 'x'.repeat(65), 'tipo:novo', 'ação'])('take the type %j for "other"', (type) => {
    metrics.emit('MessagesOnPhone', 1, { type });
    expect(lines[0]).toMatchObject({ type: 'other' });
  });

  it('know which metric is kept by what when they are compiled', () => {
    // @ts-expect-error -- a route is no build
    metrics.emit('CapabilitiesMissing', 1, { route: 'GET /api/chats' });
    // @ts-expect-error -- kept by nothing
    metrics.emit('Suggestions', 1, { build: '2.3000.1' });
    expect(lines).toHaveLength(2);
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
