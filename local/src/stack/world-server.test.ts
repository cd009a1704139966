import { request } from 'node:http';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorldServer } from './world-server.ts';

let world: { origin: string; close(): Promise<void> };
beforeAll(async () => {
  const control = new Hono().all('/', (c) => c.text('reached'));
  world = await startWorldServer({ port: 0, appOrigin: 'http://127.0.0.1:9', mounts: { '/control': control } });
});
afterAll(() => world.close());

/** Status of a request with headers that `fetch` would not let through. */
function ask(method: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve) => {
    request(`${world.origin}/control`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
}

describe('the simulated world', () => {
  it('answers only by its own name', async () => {
    expect(await ask('GET', {})).toBe(200);
    expect(await ask('GET', { host: 'evil.example' })).toBe(403);
  });

  it.each(['cross-site', 'same-site'])('takes no orders from a %s page', async (site) => {
    expect(await ask('POST', { 'sec-fetch-site': site, 'content-type': 'text/plain' })).toBe(403);
  });

  it('takes them from its own pages and from programs', async () => {
    expect(await ask('POST', { 'sec-fetch-site': 'same-origin', origin: 'null' })).toBe(200);
    expect(await ask('POST', {})).toBe(200);
  });
});
