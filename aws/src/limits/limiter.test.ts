import { authLimitKeys, type LimitKey } from '@top-active/core/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { createClients } from '../calls/clients.ts';
import { createLimiter } from './limiter.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

let now = Date.UTC(2026, 10, 1);
let counter = 0;

function newLimiter() {
  return createLimiter({ ...createClients(), dynamodb: db.client }, { table: 'limits', now: () => now });
}

function key(change: Partial<LimitKey> = {}): LimitKey {
  const policy = { free: 3, baseSeconds: 1, capSeconds: 8, forgiveSeconds: 600 };
  return { scope: 'test', value: `value-${++counter}`, policy, ...change };
}

/** Attempts until one is refused. */
async function untilRefused(limiter: ReturnType<typeof newLimiter>, keys: readonly LimitKey[]): Promise<number> {
  for (let made = 0; ; made++) if (!(await limiter.attempt(keys)).allowed) return made;
}

describe('a limit that some share', () => {
  it('counts those who need not wait for it, and refuses the others', async () => {
    const limiter = newLimiter();
    const shared = key();
    const spared = [{ ...shared, onlyCounted: true }];
    for (let n = 1; n <= 5; n++) expect(await limiter.attempt(spared)).toEqual({ allowed: true });
    expect(await limiter.attempt([key(), shared])).toEqual({ allowed: false, retryAfterSeconds: 4, by: 'test' });
    expect(await limiter.attempt(spared)).toEqual({ allowed: true });
  });

  it('takes back one attempt for a success, or all where a success clears it', async () => {
    const limiter = newLimiter();
    const shared = key();
    expect(await untilRefused(limiter, [shared])).toBe(3);
    await limiter.succeeded([shared]);
    expect(await untilRefused(limiter, [shared])).toBe(1);
    await limiter.succeeded([{ ...shared, clearedBySuccess: true }]);
    expect(await untilRefused(limiter, [shared])).toBe(3);
    await limiter.succeeded([{ ...key(), clearedBySuccess: true }]);
  });
});

describe('the limiter', () => {
  it('makes each further attempt wait longer, up to the cap, and lets it through then', async () => {
    const limiter = newLimiter();
    const keys = [key()];
    expect(await untilRefused(limiter, keys)).toBe(3);
    const waits = [];
    for (let i = 0; i < 6; i++) {
      const refused = await limiter.attempt(keys);
      const wait = refused.allowed ? 0 : refused.retryAfterSeconds;
      waits.push(wait);
      now += wait * 1000;
      expect(await limiter.attempt(keys)).toEqual({ allowed: true });
    }
    expect(waits).toEqual([1, 2, 4, 8, 8, 8]);
  });

  it('counts attempts made at once', async () => {
    const keys = [key()];
    const answers = await Promise.all(Array.from({ length: 20 }, () => newLimiter().attempt(keys)));
    const allowed = answers.filter((answer) => answer.allowed);
    expect(allowed.length).toBeGreaterThanOrEqual(1);
    expect(allowed.length).toBeLessThanOrEqual(3);
  });

  it('counts against no key what one key refuses', async () => {
    const limiter = newLimiter();
    const [full, other] = [key(), key()];
    await untilRefused(limiter, [full]);
    for (let i = 0; i < 10; i++) expect((await limiter.attempt([full, other])).allowed).toBe(false);
    expect(await untilRefused(limiter, [other])).toBe(3);
  });

  it('takes back an attempt that succeeded', async () => {
    const limiter = newLimiter();
    const keys = [key()];
    for (let i = 0; i < 10; i++) {
      expect(await limiter.attempt(keys)).toEqual({ allowed: true });
      await limiter.succeeded(keys);
    }
    expect(await untilRefused(limiter, keys)).toBe(3);
  });

  it('lets no stranger keep the owner out who has logged in from here before', async () => {
    const limiter = newLimiter();
    const account = `ana-${++counter}@example.com`;
    const keysFrom = (address: string) => authLimitKeys({ action: 'login', address, account });
    const owner = keysFrom('192.0.2.1');
    await limiter.attempt(owner);
    await limiter.succeeded(owner);
    let refusal = 0;
    for (let i = 0; i < 30; i++) {
      const answer = await limiter.attempt(keysFrom(`198.51.100.${i}`));
      if (!answer.allowed) refusal = answer.retryAfterSeconds;
    }
    expect(refusal).toBeGreaterThan(0);
    expect(refusal).toBeLessThanOrEqual(5);
    expect((await limiter.attempt(keysFrom('203.0.113.9'))).allowed).toBe(false);
    expect(await limiter.attempt(owner)).toEqual({ allowed: true });
  });
});
