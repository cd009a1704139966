import { describe, expect, it } from 'vitest';
import { createKnownDevices } from './known-devices.ts';
import type { PoolClient } from './pool-client.ts';

const clientOf = (ClientSecret: string): PoolClient => ({
  as: (call) => call({ ClientId: 'web', ClientSecret, hashOf: () => '' }),
});
const dayMs = 24 * 3_600_000;

describe('a known device', () => {
  const state = { now: Date.UTC(2026, 0, 1) };
  const devices = createKnownDevices(clientOf('secret'), () => state.now);

  it('is known to its account alone, each time by the same id, for a year', async () => {
    const kept = await devices.issue('ana@example.com');
    const id = await devices.recognize('ana@example.com', kept);
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(await devices.recognize('bia@example.com', kept)).toBeUndefined();
    state.now += 364 * dayMs;
    expect(await devices.recognize('ana@example.com', kept)).toBe(id);
    state.now += dayMs;
    expect(await devices.recognize('ana@example.com', kept)).toBeUndefined();
  });

  it.each([undefined, '', 'a', 'a.b', 'a.1.c', '..', 'a.1.c.d'])(
    'is nothing that somebody made up: %j',
    async (kept) => {
      expect(await devices.recognize('ana@example.com', kept)).toBeUndefined();
    },
  );

  it('is new to a pool whose client has another secret', async () => {
    const kept = await devices.issue('ana@example.com');
    const others = createKnownDevices(clientOf('another secret'), () => state.now);
    expect(await others.recognize('ana@example.com', kept)).toBeUndefined();
  });
});
