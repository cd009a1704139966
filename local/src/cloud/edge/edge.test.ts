import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { listenOnLoopback } from '../loopback/index.ts';
import { createEdge, type Edge } from './index.ts';

describe('edge', () => {
  let dir: string;
  let origin: Server;
  let edge: Edge;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'edge-'));
    mkdirSync(join(dir, 'web', 'assets'), { recursive: true });
    writeFileSync(join(dir, 'web', 'index.html'), '<title>app</title>');
    writeFileSync(join(dir, 'web', 'assets', 'a-1.js'), 'export {}');
    writeFileSync(join(dir, 'secret.txt'), 'outside');
    origin = createServer((request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end(JSON.stringify({ url: request.url, headers: request.headers }));
    });
    new WebSocketServer({ server: origin, path: '/live', handleProtocols: () => 'second' }).on('connection', (socket) =>
      socket.on('message', (data) => socket.send(`echo ${String(data as Buffer)}`)),
    );
    const port = await listenOnLoopback(origin, { what: 'the test origin' });
    edge = await createEdge({
      webDir: join(dir, 'web'),
      httpApiEndpoint: `http://127.0.0.1:${port}`,
      webSocketEndpoint: `http://127.0.0.1:${port}/live`,
      originSecret: 'shared',
    });
  });
  afterEach(async () => {
    await edge.close();
    origin.closeAllConnections();
    origin.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('serves the page on every path of the app, with a strict policy', async () => {
    const response = await fetch(`${edge.origin}/conversas/01ARZ3NDEKTSV4RRFFQ69G5FAV`);
    expect(await response.text()).toContain('<title>app</title>');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  it('lets hashed files be kept for ever and answers 304', async () => {
    const response = await fetch(`${edge.origin}/assets/a-1.js`);
    expect(response.headers.get('cache-control')).toContain('immutable');
    const again = await fetch(`${edge.origin}/assets/a-1.js`, {
      headers: { 'if-none-match': response.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it('answers 404 for a missing file and never leaves its folder', async () => {
    expect((await fetch(`${edge.origin}/assets/missing.js`)).status).toBe(404);
    expect((await fetch(`${edge.origin}/..%2fsecret.txt`)).status).toBe(404);
    expect((await fetch(`${edge.origin}/%zz.js`)).status).toBe(404);
  });

  it('passes API requests on, with the address of the viewer that only it can set', async () => {
    const response = await fetch(`${edge.origin}/api/me?x=1`, {
      headers: { 'cloudfront-viewer-address': '6.6.6.6:1', 'x-origin-secret': 'guess', authorization: 'Bearer t' },
    });
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toMatchObject({
      url: '/api/me?x=1',
      headers: {
        'x-origin-secret': 'shared',
        authorization: 'Bearer t',
        'cloudfront-viewer-address': expect.stringMatching(/^127\.0\.0\.1:/),
      },
    });
  });

  it('passes a WebSocket on, its protocols included', async () => {
    const socket = new WebSocket(`${edge.origin.replace('http', 'ws')}/ws`, ['first', 'second']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('second');
    socket.send('hi');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    expect(String(answer)).toBe('echo hi');
    socket.close();
  });

  it('refuses WebSockets elsewhere', async () => {
    const socket = new WebSocket(`${edge.origin.replace('http', 'ws')}/other`);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('404');
  });

  it('says that the origin is gone', async () => {
    origin.closeAllConnections();
    origin.close();
    expect((await fetch(`${edge.origin}/api/me`)).status).toBe(502);
  });
});
