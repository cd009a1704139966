import { once } from 'node:events';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { FunctionError } from '../lambda-runtime/index.ts';
import { AwsError } from '../wire/index.ts';
import { createWebSocketApi, type WebSocketApi, type WebSocketApiOptions } from './index.ts';

const eventSchema = z.looseObject({
  type: z.string().optional(),
  methodArn: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  queryStringParameters: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.looseObject({
    connectionId: z.string(),
    routeKey: z.string(),
    eventType: z.string(),
    authorizer: z.record(z.string(), z.string()).optional(),
  }),
});
type TestEvent = z.infer<typeof eventSchema>;
type TestFunction = (event: TestEvent) => unknown;

const opened: WebSocketApi[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((api) => api.close()));
});

/** An API whose functions are those given; what they are called with is kept. */
async function start(functions: Record<string, TestFunction> = {}, options: Partial<WebSocketApiOptions> = {}) {
  const events: (TestEvent & { functionName: string })[] = [];
  const errors: unknown[] = [];
  const api = await createWebSocketApi({
    stage: 'live',
    connectFunction: 'connect',
    disconnectFunction: 'disconnect',
    defaultFunction: 'default',
    invoke: async (functionName, input) => {
      const event = eventSchema.parse(JSON.parse(JSON.stringify(input)));
      events.push({ functionName, ...event });
      return functions[functionName] ? functions[functionName](event) : { statusCode: 200 };
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  opened.push(api);
  const management = new ApiGatewayManagementApiClient({
    endpoint: api.managementEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const eventsOf = (functionName: string) => events.filter((event) => event.functionName === functionName);
  const connectionIds = () => eventsOf('connect').map((event) => event.requestContext.connectionId);
  return { api, events, errors, management, eventsOf, connectionIds };
}

async function open(api: WebSocketApi, protocols: string[] = [], path = ''): Promise<WebSocket & { texts: string[] }> {
  const socket = Object.assign(new WebSocket(`${api.endpoint}${path}`, protocols), { texts: new Array<string>() });
  socket.on('message', (data) => socket.texts.push(Buffer.isBuffer(data) ? data.toString() : 'not a buffer'));
  await once(socket, 'open');
  return socket;
}

/** Status code and body with which the handshake is refused. */
async function refusal(api: WebSocketApi, protocols: string[] = [], endpoint = api.endpoint) {
  const socket = new WebSocket(endpoint, protocols);
  const [, response] = await once(socket, 'unexpected-response');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { statusCode: response.statusCode, ...JSON.parse(body) };
}

function policy(effect: string, context?: object, resource = '*'): object {
  const statement = { Action: 'execute-api:Invoke', Effect: effect, Resource: resource };
  return { principalId: 'u1', policyDocument: { Version: '2012-10-17', Statement: [statement] }, context };
}

function failing(message: string): TestFunction {
  return () => {
    throw new FunctionError('any', { errorType: 'Error', errorMessage: message, trace: [] });
  };
}

describe('handshake of a WebSocket API', () => {
  it('asks the authorizer and repeats its context in every later event', async () => {
    const { api, eventsOf } = await start(
      { authorizer: (event) => policy('Allow', { userId: 'u1', level: 3, admin: false }, event.methodArn) },
      { authorizerFunction: 'authorizer' },
    );
    const socket = await open(api, [], '?a=1&a=2');
    socket.send('hello');
    await vi.waitFor(() => expect(eventsOf('default')).toHaveLength(1));
    socket.close(1000, 'done');
    await vi.waitFor(() => expect(eventsOf('disconnect')).toHaveLength(1));

    const [asked] = eventsOf('authorizer');
    expect(asked).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:000000000000:local/live/$connect',
      headers: { 'Sec-WebSocket-Version': '13', 'X-Forwarded-For': '127.0.0.1' },
      queryStringParameters: { a: '2' },
      multiValueQueryStringParameters: { a: ['1', '2'] },
      requestContext: { routeKey: '$connect', eventType: 'CONNECT', stage: 'live', apiId: 'local' },
    });
    expect(asked?.headers).not.toHaveProperty('Upgrade');
    const { connectionId } = asked?.requestContext ?? {};
    const authorizer = { principalId: 'u1', userId: 'u1', level: '3', admin: 'false' };
    expect(eventsOf('connect')[0]?.requestContext).toMatchObject({ connectionId, authorizer, eventType: 'CONNECT' });
    expect(eventsOf('default')[0]).toMatchObject({
      body: 'hello',
      isBase64Encoded: false,
      requestContext: {
        connectionId,
        authorizer,
        routeKey: '$default',
        eventType: 'MESSAGE',
        messageDirection: 'IN',
        messageId: expect.any(String),
        identity: { sourceIp: '127.0.0.1' },
      },
    });
    expect(eventsOf('disconnect')[0]?.requestContext).toMatchObject({
      connectionId,
      authorizer,
      routeKey: '$disconnect',
      eventType: 'DISCONNECT',
      disconnectStatusCode: 1000,
      disconnectReason: 'done',
    });
  });

  it('chooses the protocol that $connect names', async () => {
    const { api, events } = await start({
      connect: () => ({ statusCode: 200, headers: { 'sec-websocket-protocol': 'v1' } }),
    });
    const socket = await open(api, ['v1', 'the-ticket']);
    expect(socket.protocol).toBe('v1');
    expect(events[0]?.headers).toMatchObject({ 'Sec-WebSocket-Protocol': 'v1,the-ticket' });
  });

  it('leaves a client that offers protocols without one unless $connect names it', async () => {
    const { api } = await start();
    const socket = new WebSocket(api.endpoint, ['v1']);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('no subprotocol');
  });

  it.each<[string, TestFunction, number, string]>([
    ['denies', () => policy('Deny'), 403, 'Forbidden'],
    ['allows something else', () => policy('Allow', {}, 'arn:aws:execute-api:*:*:other/*'), 403, 'Forbidden'],
    ['throws Unauthorized', failing('Unauthorized'), 401, 'Unauthorized'],
    ['throws something else', failing('oops'), 500, 'Internal server error'],
    ['answers no policy', () => ({ isAuthorized: true }), 500, 'Internal server error'],
    ['puts an object into the context', () => policy('Allow', { user: { id: 1 } }), 500, 'Internal server error'],
  ])('refuses a client whose authorizer %s', async (_, authorizer, statusCode, message) => {
    const { api, eventsOf } = await start({ authorizer }, { authorizerFunction: 'authorizer' });
    expect(await refusal(api)).toMatchObject({ statusCode, message });
    expect(eventsOf('connect')).toEqual([]);
    expect(eventsOf('disconnect')).toEqual([]);
  });

  it('does not ask the authorizer about a client that shows no identity', async () => {
    const { api, events } = await start(
      {
        authorizer: () => policy('Allow'),
        connect: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'a' } }),
      },
      { authorizerFunction: 'authorizer', identitySources: ['route.request.header.Sec-WebSocket-Protocol'] },
    );
    expect(await refusal(api)).toMatchObject({ statusCode: 401, message: 'Unauthorized' });
    expect(events).toEqual([]);
    await open(api, ['a', 'b']);
  });

  it.each<[string, TestFunction, number]>([
    ['answers 403', () => ({ statusCode: 403 }), 403],
    ['answers no status code', () => ({}), 502],
    ['fails', failing('oops'), 502],
  ])('refuses a client whose $connect %s', async (_, connect, statusCode) => {
    const { api } = await start({ connect });
    expect(await refusal(api)).toMatchObject({ statusCode });
  });

  it.each(['/', '/lives', '//live', '/%zz'])('does not answer on %s, for its stage is live', async (path) => {
    const { api, events } = await start();
    expect(await refusal(api, [], api.endpoint.replace('/live', path))).toMatchObject({ statusCode: 403 });
    expect(events).toEqual([]);
  });

  it('tells $disconnect of a client that left while $connect was being answered', async () => {
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    const { api, eventsOf } = await start({ connect: () => left.then(() => ({ statusCode: 200 })) });
    const socket = new WebSocket(api.endpoint);
    const failed = once(socket, 'error');
    await vi.waitFor(() => expect(eventsOf('connect')).toHaveLength(1));
    socket.terminate();
    await failed;
    leave();
    await vi.waitFor(() => expect(eventsOf('disconnect')).toHaveLength(1));
  });
});

describe('messages of a WebSocket API', () => {
  it('go to the function of the route that the body names, else to $default', async () => {
    const { api, eventsOf } = await start({}, { routes: { ping: 'pings' } });
    const socket = await open(api);
    for (const message of ['{"action":"ping"}', '{"action":"other"}', '{"action":{}}', 'plain', '[]'])
      socket.send(message);
    await vi.waitFor(() => expect(eventsOf('default')).toHaveLength(4));
    expect(eventsOf('pings')).toMatchObject([{ requestContext: { routeKey: 'ping' } }]);
    expect(eventsOf('default')[0]?.requestContext.routeKey).toBe('$default');
  });

  it('may be binary', async () => {
    const { api, eventsOf } = await start();
    const socket = await open(api);
    socket.send(Buffer.from([0xff, 0x00]));
    await vi.waitFor(() => expect(eventsOf('default')).toMatchObject([{ body: '/wA=', isBase64Encoded: true }]));
  });

  it('of one connection are handled at the same time', async () => {
    const present: (() => void)[] = [];
    const { api, eventsOf } = await start({
      default: () =>
        new Promise((resolve) => {
          present.push(() => resolve({ statusCode: 200 }));
          if (present.length === 2) for (const release of present) release();
        }),
    });
    const socket = await open(api);
    socket.send('1');
    socket.send('2');
    await vi.waitFor(() => expect(eventsOf('default')).toHaveLength(2));
  });

  it('are answered only where the route has a response', async () => {
    const functions = { default: () => ({ statusCode: 200, body: 'pong' }) };
    const [silent, speaking] = [await start(functions), await start(functions, { routeResponses: true })];
    const [one, two] = [await open(silent.api), await open(speaking.api)];
    one.send('ping');
    two.send('ping');
    await vi.waitFor(() => expect(two.texts).toEqual(['pong']));
    await vi.waitFor(() => expect(silent.eventsOf('default')).toHaveLength(1));
    expect(one.texts).toEqual([]);
  });

  it('are answered with an error when the function fails or there is none', async () => {
    const { api, connectionIds } = await start({ default: failing('secret') });
    const socket = await open(api);
    socket.send('x');
    await vi.waitFor(() => expect(socket.texts).toHaveLength(1));
    expect(JSON.parse(socket.texts[0] ?? '')).toEqual({
      message: 'Internal server error',
      connectionId: connectionIds()[0],
      requestId: expect.any(String),
    });
    const routeless = await start({}, { defaultFunction: undefined });
    const other = await open(routeless.api);
    other.send('x');
    await vi.waitFor(() => expect(other.texts[0]).toContain('"message":"Forbidden"'));
  });

  it('of more than 128 KB end the connection', async () => {
    const { api, eventsOf } = await start();
    const socket = await open(api);
    socket.send('x'.repeat(128 * 1024));
    socket.send('x'.repeat(128 * 1024 + 1));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
    expect(eventsOf('default')).toHaveLength(1);
    await vi.waitFor(() => expect(eventsOf('disconnect')).toHaveLength(1));
  });
});

describe('@connections', () => {
  it('sends to a client', async () => {
    const { api, management, connectionIds } = await start();
    const socket = await open(api);
    const [ConnectionId] = connectionIds();
    await management.send(new PostToConnectionCommand({ ConnectionId, Data: '{"olá":1}' }));
    await vi.waitFor(() => expect(socket.texts).toEqual(['{"olá":1}']));
  });

  it('tells about a connection', async () => {
    const { api, management, connectionIds } = await start();
    const before = Date.now();
    await open(api);
    const [ConnectionId] = connectionIds();
    const found = await management.send(new GetConnectionCommand({ ConnectionId }));
    expect(found.Identity).toMatchObject({ SourceIp: '127.0.0.1' });
    expect(found.ConnectedAt?.getTime()).toBeGreaterThanOrEqual(before - 1_000);
    expect(found.LastActiveAt).toBeInstanceOf(Date);
  });

  it('closes a connection, after which it is gone', async () => {
    const { api, management, connectionIds, eventsOf } = await start();
    const socket = await open(api);
    const [ConnectionId] = connectionIds();
    const closed = once(socket, 'close');
    await management.send(new DeleteConnectionCommand({ ConnectionId }));
    await expect(management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }))).rejects.toMatchObject({
      name: 'GoneException',
      $metadata: { httpStatusCode: 410 },
    });
    expect((await closed)[0]).toBe(1000);
    await vi.waitFor(() => expect(eventsOf('disconnect')).toHaveLength(1));
  });

  it('knows nothing of a connection that never was', async () => {
    const { management } = await start();
    for (const command of [
      new GetConnectionCommand({ ConnectionId: 'a=' }),
      new DeleteConnectionCommand({ ConnectionId: 'a=' }),
    ])
      await expect(management.send(command)).rejects.toMatchObject({ name: 'GoneException' });
  });

  it('refuses a message over 128 KB', async () => {
    const { api, management, connectionIds } = await start();
    await open(api);
    const [ConnectionId] = connectionIds();
    const Data = 'x'.repeat(128 * 1024 + 1);
    await expect(management.send(new PostToConnectionCommand({ ConnectionId, Data }))).rejects.toMatchObject({
      name: 'PayloadTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
  });

  it('asks whether the caller may', async () => {
    const asked: unknown[] = [];
    const { api, management, connectionIds } = await start(
      {},
      {
        authorize: (request) => {
          asked.push(request);
          throw new AwsError({ code: 'AccessDeniedException', message: 'User is not authorized' });
        },
      },
    );
    await open(api);
    const [ConnectionId = ''] = connectionIds();
    await expect(management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }))).rejects.toMatchObject({
      name: 'ForbiddenException',
      $metadata: { httpStatusCode: 403 },
    });
    expect(asked).toMatchObject([
      {
        action: 'execute-api:ManageConnections',
        resource: `arn:aws:execute-api:us-east-1:000000000000:local/live/POST/@connections/${ConnectionId}`,
        credentials: { accessKeyId: 'test' },
      },
    ]);
  });

  it('answers nobody who does not sign', async () => {
    const { api, connectionIds } = await start();
    await open(api);
    const [connectionId = ''] = connectionIds();
    const path = `/@connections/${encodeURIComponent(connectionId)}`;
    expect((await fetch(`${api.managementEndpoint}${path}`)).status).toBe(403);
  });
});

describe('life of a WebSocket connection', () => {
  it('ends when nothing has been said for a while', async () => {
    const { api, eventsOf } = await start({}, { idleTimeoutMs: 300 });
    const [idle, busy] = [await open(api), await open(api)];
    const talk = setInterval(() => busy.send('x'), 50);
    const [code] = await once(idle, 'close');
    clearInterval(talk);
    expect(code).toBe(1001);
    expect(busy.readyState).toBe(WebSocket.OPEN);
    await vi.waitFor(() => expect(eventsOf('disconnect')).toHaveLength(1));
  });

  it('ends at its maximum age however busy it is', async () => {
    const { api } = await start({}, { idleTimeoutMs: 200, maxAgeMs: 400 });
    const socket = await open(api);
    const talk = setInterval(() => socket.send('x'), 50);
    const [code] = await once(socket, 'close');
    clearInterval(talk);
    expect(code).toBe(1001);
  });

  it('ends with $disconnect when the client is cut off', async () => {
    const { api, eventsOf } = await start();
    const socket = await open(api);
    socket.terminate();
    await vi.waitFor(() =>
      expect(eventsOf('disconnect')).toMatchObject([{ requestContext: { disconnectStatusCode: 1006 } }]),
    );
  });

  it('ends with $disconnect for everyone when the API is closed', async () => {
    const { api, eventsOf } = await start();
    const sockets = [await open(api), await open(api)];
    const closed = sockets.map((socket) => once(socket, 'close'));
    await api.close();
    expect(eventsOf('disconnect')).toHaveLength(2);
    expect((await Promise.all(closed)).map(([code]) => code)).toEqual([1001, 1001]);
  });
});
