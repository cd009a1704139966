import { once } from 'node:events';
import {
  realtimeTicketResponseSchema,
  serverFrameSchema,
  tokenResponseSchema,
  type ServerFrame,
} from '@top-active/core/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createApiClient, type ApiClient } from '@top-active/local/client/api-client';
import { startLambdasFixture, testPassword, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());

const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

async function ticketOf(api: ApiClient): Promise<string> {
  return (await api.request('/api/realtime/ticket', { method: 'POST', answer: realtimeTicketResponseSchema })).ticket;
}

/** Opens a WebSocket and collects its frames; rejects with the status when it is refused. */
async function connect(protocols: string[], origin?: string) {
  const socket = new WebSocket(fixture.webSocketUrl, protocols, origin === undefined ? {} : { origin });
  sockets.push(socket);
  const frames: ServerFrame[] = [];
  socket.on('message', (data: Buffer) => frames.push(serverFrameSchema.parse(JSON.parse(data.toString()))));
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve);
  });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('unexpected-response', (_, response) => reject(new Error(`Refused with ${response.statusCode}`)));
    socket.on('error', reject);
  });
  return { socket, frames, closed };
}

const open = async (user: TestUser) => connect(['top-active.v1', await ticketOf(user.api)]);

describe('a WebSocket', () => {
  it('opens with a ticket, speaks our protocol, and hears of every change', async () => {
    const user = await fixture.newUser();
    const { socket, frames } = await open(user);
    expect(socket.protocol).toBe('top-active.v1');
    await user.api.request('/api/me', { method: 'PATCH', body: { about: 'x' } });
    await vi.waitFor(() =>
      expect(frames.map((frame) => frame.type === 'hint' && frame.event.type)).toEqual(['profile.updated']),
    );
  });

  it('hears nothing of another user', async () => {
    const [user, other] = [await fixture.newUser(), await fixture.newUser()];
    const mine = await open(user);
    await other.api.request('/api/me', { method: 'PATCH', body: { about: 'x' } });
    await user.api.request('/api/me', { method: 'PATCH', body: { about: 'y' } });
    await vi.waitFor(() => expect(mine.frames).toHaveLength(1));
  });

  it('opens once per ticket, and not with one made up', async () => {
    const user = await fixture.newUser();
    const ticket = await ticketOf(user.api);
    await connect(['top-active.v1', ticket]);
    await expect(connect(['top-active.v1', ticket])).rejects.toThrow('403');
    await expect(connect(['top-active.v1', `${user.userId}.${'x'.repeat(43)}`])).rejects.toThrow('403');
    await expect(connect(['top-active.v1', 'nonsense'])).rejects.toThrow('403');
    await expect(connect(['other', await ticketOf(user.api)])).rejects.toThrow('403');
    await expect(connect([])).rejects.toThrow(/40[13]/);
  });

  it('opens to the app’s own pages, and to no page of another origin', async () => {
    const user = await fixture.newUser();
    for (const origin of ['https://evil.example', 'null', `${fixture.origin}.evil.example`])
      await expect(connect(['top-active.v1', await ticketOf(user.api)], origin)).rejects.toThrow('403');
    await connect(['top-active.v1', await ticketOf(user.api)], fixture.origin);
  });

  it('answers a ping and is closed for anything else', async () => {
    const user = await fixture.newUser();
    const first = await open(user);
    first.socket.send('{"type":"ping"}');
    await vi.waitFor(() => expect(first.frames).toEqual([{ type: 'pong' }]));
    first.socket.send('{"type":"subscribe","to":"everything"}');
    await first.closed;
    const second = await open(user);
    second.socket.send('hello');
    await second.closed;
  });

  it('is forgotten when it closes', async () => {
    const user = await fixture.newUser();
    const { socket } = await open(user);
    expect(await user.tenant.connections.list()).toHaveLength(1);
    socket.close();
    await once(socket, 'close');
    await expect.poll(() => user.tenant.connections.list()).toEqual([]);
  });

  it('is cut off by logging out, while those of other logins stay', async () => {
    const user = await fixture.newUser();
    const otherLogin = createApiClient(fixture.origin);
    otherLogin.accessToken = (
      await otherLogin.request('/api/auth/login', {
        method: 'POST',
        body: { email: user.email, password: testPassword },
        answer: tokenResponseSchema,
      })
    ).accessToken;
    const mine = await open(user);
    const theirs = await connect(['top-active.v1', await ticketOf(otherLogin)]);
    await user.api.request('/api/auth/logout', { method: 'POST' });
    await mine.closed;
    expect(theirs.socket.readyState).toBe(WebSocket.OPEN);
    expect(await user.tenant.connections.list()).toHaveLength(1);
  });

  it('opens no more after logging out, with a ticket from before', async () => {
    const user = await fixture.newUser();
    const ticket = await ticketOf(user.api);
    await user.api.request('/api/auth/logout', { method: 'POST' });
    await expect(connect(['top-active.v1', ticket])).rejects.toThrow('403');
    expect(await user.tenant.connections.list()).toEqual([]);
  });
});
