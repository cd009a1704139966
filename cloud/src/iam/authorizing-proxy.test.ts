import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeServer, listenOnLoopback } from '../loopback/index.ts';
import { AwsError } from '../wire/index.ts';
import { createAuthorizingProxy, type AuthorizingProxy } from './authorizing-proxy.ts';

let seen: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const sockets = new Set<unknown>();
const server = createServer((request, response) => {
  seen.push(request);
  sockets.add(request.socket);
  answer(request, response);
});
let proxy: AuthorizingProxy;
beforeAll(async () => {
  const port = await listenOnLoopback(server, { what: 'a service' });
  proxy = await createAuthorizingProxy({
    target: `http://127.0.0.1:${port}`,
    what: 'a door',
    headers: { 'x-door-key': 'secret' },
    needsBody: ({ headers }) => headers['x-streamed'] === undefined,
    async authorize({ headers }, body) {
      if (headers.authorization === undefined || body.toString() === 'no')
        throw new AwsError({ code: 'AccessDeniedException', message: 'no' });
    },
    refuse: ({ code }) => ({ contentType: 'text/plain', body: code }),
    onError: (error) => {
      throw error;
    },
  });
});
afterAll(async () => {
  await proxy.close();
  await closeServer(server);
});
beforeEach(() => {
  seen = [];
  answer = (request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    request.pipe(response);
  };
});
const signed = { authorization: 'AWS4-HMAC-SHA256' };
const post = (body: string, headers: Record<string, string> = signed) =>
  fetch(`${proxy.endpoint}/a?b=c`, { method: 'POST', body, headers });

describe('a door', () => {
  it('lets through what is allowed, and tells no page of another site that it may read the answer', async () => {
    const response = await post('yes');
    expect(await response.text()).toBe('yes');
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
    expect(seen[0]?.url).toBe('/a?b=c');
    expect(seen[0]?.headers['x-door-key']).toBe('secret');
  });

  it.each([
    ['is not signed', 'yes', {}],
    ['is denied', 'no', signed],
    ['is denied before its body came', 'no', { 'x-streamed': '1' }],
  ])('keeps out what %s', async (_, body, headers) => {
    const response = await post(body, headers);
    expect([response.status, await response.text()]).toEqual([400, 'AccessDeniedException']);
    expect(seen).toEqual([]);
  });

  it('keeps out preflights and foreign names', async () => {
    const preflight = await fetch(proxy.endpoint, { method: 'OPTIONS', headers: signed });
    expect(preflight.status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('streams bodies that decide nothing', async () => {
    const body = 'x'.repeat(300_000);
    expect(await (await post(body, { ...signed, 'x-streamed': '1' })).text()).toBe(body);
  });

  it('uses a connection again', async () => {
    sockets.clear();
    for (let i = 0; i < 5; i += 1) await (await post(String(i))).text();
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('takes back a request whose caller has left', async () => {
    const held = Promise.withResolvers<ServerResponse>();
    answer = (_, response) => held.resolve(response);
    const leave = new AbortController();
    const waiting = fetch(proxy.endpoint, { method: 'POST', body: 'yes', headers: signed, signal: leave.signal });
    const response = await held.promise;
    const closed = once(response, 'close');
    leave.abort();
    await expect(waiting).rejects.toThrow(/abort/);
    await closed;
    expect(response.writableFinished).toBe(false);
  });
});
