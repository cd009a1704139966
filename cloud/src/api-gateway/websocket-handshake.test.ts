import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { closeAll, start, open, refusal, policy, failing, type TestFunction } from './websocket-fixture.ts';

afterEach(closeAll);

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
