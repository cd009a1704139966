import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startWireServer } from './server.ts';

describe('the server of an emulator', () => {
  it('answers only by its own name, since it believes every signature', async () => {
    const server = await startWireServer({
      handle: () => Promise.resolve({ status: 200, headers: {}, body: 'reached' }),
      onError: (error) => {
        throw error;
      },
    });
    expect((await fetch(server.endpoint, { method: 'POST' })).status).toBe(200);
    const status = await new Promise((resolve) => {
      request(server.endpoint, { method: 'POST', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
    await server.close();
  });
});
