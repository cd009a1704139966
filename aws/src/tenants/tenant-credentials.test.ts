import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keepTenantCredentials, TenantAccessRefused, type TenantCredentials } from './tenant-credentials.ts';

const minute = 60_000;

/** A source that answers what a test tells it to, and a clock. */
function open() {
  const clock = { now: 1_790_000_000_000 };
  let asked = 0;
  let answer: () => Promise<TenantCredentials> = () => Promise.resolve(fresh());
  function fresh(): TenantCredentials {
    const expiration = new Date(clock.now + 15 * minute);
    return { accessKeyId: `key-${asked}`, secretAccessKey: 's', sessionToken: 't', expiration };
  }
  const get = keepTenantCredentials({
    userId: randomUUID(),
    now: () => clock.now,
    source() {
      asked += 1;
      return answer();
    },
  });
  return {
    get,
    clock,
    asked: () => asked,
    fail: (cause: Error) => (answer = () => Promise.reject(cause)),
    recover: () => (answer = () => Promise.resolve(fresh())),
  };
}

describe('credentials of a user', () => {
  it('are asked for once, however many need them, until five minutes before they expire', async () => {
    const { get, clock, asked } = open();
    const all = await Promise.all(Array.from({ length: 20 }, () => get()));
    expect(new Set(all.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(['key-1']));
    clock.now += 10 * minute - 1;
    await get();
    expect(asked()).toBe(1);
    clock.now += 1;
    expect((await get()).accessKeyId).toBe('key-2');
  });

  it('serve on when they can’t be renewed, while they are good; the source isn’t asked at every use', async () => {
    const { get, clock, asked, fail, recover } = open();
    await get();
    fail(new Error('unreachable'));
    clock.now += 11 * minute;
    expect((await get()).accessKeyId).toBe('key-1');
    await get();
    expect(asked()).toBe(2);
    clock.now += 3.6 * minute;
    await expect(get()).rejects.toThrow('unreachable');
    recover();
    expect((await get()).accessKeyId).toBe('key-4');
  });

  it('don’t serve on when they are refused', async () => {
    const { get, clock, fail } = open();
    await get();
    fail(new TenantAccessRefused('Shard 3: another host holds it.'));
    clock.now += 11 * minute;
    await expect(get()).rejects.toThrow('Shard 3');
    await expect(get()).rejects.toThrow('Shard 3');
  });
});
