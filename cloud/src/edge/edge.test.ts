import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
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
      socket.on('message', (data) => socket.send(`echo ${Buffer.isBuffer(data) ? data.toString() : ''}`)),
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
    expect((await fetch(`${edge.origin}/%00.js`)).status).toBe(404);
    expect((await fetch(`${edge.origin}/${'x'.repeat(5_000)}.js`)).status).toBe(404);
  });

  it('answers only by its own name, so that no foreign domain can lead here', async () => {
    const { port } = new URL(edge.origin);
    const headers = { host: `evil.example:${port}` };
    const status = await new Promise((resolve) => {
      request({ port, host: '127.0.0.1', path: '/api/health', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
    expect((await fetch(`http://localhost:${port}/`)).status).toBe(200);
  });

  it('forwards nothing but /api/: the routes of session hosts are not to be reached through it', async () => {
    for (const path of ['/internal/tenant-sessions', '/internal/shards', '/%61pi/../internal/shards']) {
      expect((await fetch(edge.origin + path, { method: 'POST', body: '{}' })).status, path).toBe(405);
      expect(await (await fetch(edge.origin + path)).text(), path).toContain('<title>app</title>');
    }
  });

  it('takes nothing for a file but GET and HEAD', async () => {
    const response = await fetch(`${edge.origin}/index.html`, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    const head = await fetch(`${edge.origin}/index.html`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('18');
  });

  it.each(['br', 'gzip'])('serves a neighbour that the build has compressed with %s', async (encoding) => {
    const file = join(dir, 'web', 'assets', 'a-1.js');
    writeFileSync(`${file}.br`, brotliCompressSync('export {}'));
    writeFileSync(`${file}.gz`, gzipSync('export {}'));
    const response = await fetch(`${edge.origin}/assets/a-1.js`, { headers: { 'accept-encoding': encoding } });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toBe('export {}');
    const plain = await fetch(`${edge.origin}/assets/a-1.js`, { headers: { 'accept-encoding': `${encoding};q=0` } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('etag')).not.toBe(response.headers.get('etag'));
  });

  it.each(['//127.0.0.1:9/api/me', 'http://127.0.0.1:9/api/me', '//', '*', '/../secret.txt'])(
    'takes the target %s neither for another address nor for a file outside',
    async (target) => {
      const { statusCode, body } = await send(target);
      expect([200, 400, 404]).toContain(statusCode);
      expect(body).not.toMatch(/outside|shared/);
      expect((await fetch(`${edge.origin}/`)).status).toBe(200);
    },
  );

  /** Sends a target that fetch would tidy up first. */
  async function send(target: string): Promise<{ statusCode: number | undefined; body: string }> {
    const { hostname, port } = new URL(edge.origin);
    const sent = request({ hostname, port, path: target }).end();
    const [response] = await once(sent, 'response');
    let body = '';
    for await (const chunk of response) body += String(chunk);
    return { statusCode: response.statusCode, body };
  }

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
    const [answer] = await once(socket, 'message');
    expect(String(answer)).toBe('echo hi');
    socket.close();
  });

  it('refuses WebSockets elsewhere', async () => {
    const socket = new WebSocket(`${edge.origin.replace('http', 'ws')}/other`);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('404');
  });

  it('passes on why a WebSocket is refused', async () => {
    origin.removeAllListeners('upgrade');
    origin.on('upgrade', (_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno'));
    const socket = new WebSocket(`${edge.origin.replace('http', 'ws')}/ws`);
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(401);
    response.destroy();
  });

  it('closes while a WebSocket is open', async () => {
    const socket = new WebSocket(`${edge.origin.replace('http', 'ws')}/ws`, ['second']);
    await once(socket, 'open');
    const gone = once(socket, 'close');
    await edge.close();
    await gone;
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });

  it('says that the origin is gone', async () => {
    origin.closeAllConnections();
    origin.close();
    expect((await fetch(`${edge.origin}/api/me`)).status).toBe(502);
  });
});
