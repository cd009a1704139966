import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closeServer, freePort, listenOnLoopback, PortTakenError, splitTarget } from './index.ts';

describe('server on loopback', () => {
  it('is closed even while an upgraded connection is open', async () => {
    const server = createServer();
    server.on('upgrade', (_, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    const client = connect(await listenOnLoopback(server, { what: 'the test' }), '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    await once(client, 'data');
    const gone = once(client, 'close');
    await closeServer(server, 10);
    await gone;
    expect(server.listening).toBe(false);
  });

  it('lets a request under way finish', async () => {
    const server = createServer((_, response) => {
      setTimeout(() => response.end('done'), 100);
    });
    const port = await listenOnLoopback(server, { what: 'the test' });
    const answer = fetch(`http://127.0.0.1:${port}`);
    await once(server, 'request');
    await closeServer(server);
    expect(await (await answer).text()).toBe('done');
  });

  it('says which port is taken, and by what name it is known', async () => {
    const server = createServer();
    const port = await listenOnLoopback(server, { what: 'the test' });
    const error = await listenOnLoopback(createServer(), { port, what: 'the app' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PortTakenError);
    expect(error).toMatchObject({ port, message: expect.stringContaining('the app') });
    await closeServer(server);
  });

  it('can have a port that was found to be free', async () => {
    const port = await freePort();
    const server = createServer();
    expect(await listenOnLoopback(server, { port, what: 'the test' })).toBe(port);
    await closeServer(server);
  });
});

describe('request target', () => {
  it.each([
    ['/a%20b?x=1?y', { path: '/a%20b', query: 'x=1?y' }],
    ['//host/path', { path: '//host/path', query: '' }],
    ['*', { path: '*', query: '' }],
    ['http://host/path', { path: 'http://host/path', query: '' }],
  ])('of %s is taken as it is', (url, target) => {
    expect(splitTarget({ url })).toEqual(target);
  });
});
