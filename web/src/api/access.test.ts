import { describe, expect, it } from 'vitest';
import { createFakeApi } from '../testing/fake-api.ts';
import { createAccess, type Locks } from './access.ts';
import { createApi } from './api.ts';
import { createHttp } from './http.ts';

function aTab(api = createFakeApi(), more: Partial<Parameters<typeof createAccess>[0]> = {}) {
  const send = createHttp({ fetch: api.fetch });
  const access = createAccess({ send, ...more });
  const refreshes = () => api.calls.filter(({ path }) => path === '/api/auth/refresh').length;
  return { api, access, client: createApi({ send, access }), refreshes };
}

/** Web Locks for one name: one holder after the other. */
function createLocks(): Locks {
  let last: Promise<unknown> = Promise.resolve();
  const request = <T>(_name: string, task: () => Promise<T>): Promise<T> => {
    const turn = last.then(task, task);
    last = turn;
    return turn;
  };
  return { request };
}

describe('the access token', () => {
  it('is renewed once for requests that need it at the same time', async () => {
    const { client, refreshes } = aTab();
    await Promise.all([client.me.get(), client.credentials.list(), client.whatsapp.get()]);
    expect(refreshes()).toBe(1);
  });

  it('is renewed once when the server refuses it, and the request goes again', async () => {
    const { client, api, refreshes } = aTab();
    await client.me.get();
    api.refuse('GET /api/me', 'unauthorized');
    expect((await client.me.get()).name).toBe('Lúcia Ferreira');
    expect(refreshes()).toBe(2);
    expect(api.calls.at(-1)?.headers.get('authorization')).toBe('Bearer token-2');
  });

  it('gives up after the second refusal', async () => {
    const { client, api } = aTab();
    api.refuse('GET /api/me', 'unauthorized');
    api.refuse('GET /api/me', 'unauthorized');
    await expect(client.me.get()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is shared with the other tabs, and renewed by one of them at a time', async () => {
    const api = createFakeApi();
    const slow = { running: 0, most: 0 };
    const fetch: typeof globalThis.fetch = async (input, init) => {
      slow.most = Math.max(slow.most, (slow.running += 1));
      await Promise.resolve();
      slow.running -= 1;
      return api.fetch(input, init);
    };
    const locks = createLocks();
    const name = `tabs-${crypto.randomUUID()}`;
    const tabs = [1, 2, 3].map(() =>
      createAccess({ send: createHttp({ fetch }), locks, channel: new BroadcastChannel(name) }),
    );
    const told = new Promise((resolve) =>
      new BroadcastChannel(name).addEventListener('message', resolve, { once: true }),
    );
    await tabs[0]?.refresh();
    await told;
    expect(await tabs[2]?.token()).toBe('token-1');
    expect(api.calls).toHaveLength(1);
    await Promise.all(tabs.map((tab) => tab.refresh('token-1')));
    expect(slow.most).toBe(1);
    for (const tab of tabs) tab.close();
  });

  it('is given up in every tab when one signs out', async () => {
    const name = `tabs-${crypto.randomUUID()}`;
    const here = aTab(createFakeApi(), { channel: new BroadcastChannel(name) });
    const there = aTab(createFakeApi(), { channel: new BroadcastChannel(name) });
    let told = 0;
    there.access.onSignedOut(() => (told += 1));
    await there.access.refresh();
    here.access.signOut();
    await expect.poll(() => told).toBe(1);
    here.access.close();
    there.access.close();
  });

  it('is renewed before it dies, not after', async () => {
    let now = 0;
    const { client, refreshes } = aTab(createFakeApi(), { now: () => now });
    await client.me.get();
    now = 560_000;
    await client.me.get();
    expect(refreshes()).toBe(1);
    now = 575_000;
    await client.me.get();
    expect(refreshes()).toBe(2);
  });

  it('tells a session that is over from a server out of reach', async () => {
    const over = aTab(createFakeApi({ signedIn: false }));
    await expect(over.access.token()).rejects.toMatchObject({ code: 'session_expired' });
    const away = aTab();
    away.api.cutOff('POST /api/auth/refresh', 1);
    await expect(away.access.token()).rejects.toMatchObject({ code: 'network' });
  });
});
