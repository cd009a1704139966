import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { closeAll, start, open, failing } from './websocket-fixture.ts';

afterEach(closeAll);

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
