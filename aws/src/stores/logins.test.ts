import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { openTenant } from '../../test-support/tenants.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const start = Date.UTC(2026, 10, 1);
const authTime = start / 1000;

function setUp() {
  const clock = { now: start };
  const { logins } = openTenant(db, { now: () => clock.now });
  return { clock, logins };
}

describe('a login', () => {
  it('is live from its beginning to its end, and no other with it', async () => {
    const { logins } = setUp();
    expect(await logins.isLive('a')).toBe(false);
    await Promise.all(['a', 'b'].map((sessionId) => logins.begin({ sessionId, authTime })));
    await logins.end('a', 'logout');
    expect(await Promise.all([logins.isLive('a'), logins.isLive('b')])).toEqual([false, true]);
    expect(await Promise.all([logins.noteSeen('a'), logins.noteSeen('b'), logins.noteSeen('c')])).toEqual([
      false,
      true,
      false,
    ]);
    // It didn't come into being by being looked for or ended.
    await logins.end('c', 'logout');
    expect(await logins.isLive('c')).toBe(false);
  });

  it('is proved by its own cookie alone, also after its end, and says why it ended first', async () => {
    const { logins } = setUp();
    const { proof } = await logins.begin({ sessionId: 'a', authTime });
    const other = await logins.begin({ sessionId: 'b', authTime });
    expect(await logins.prove({ sessionId: 'a', proof: other.proof })).toBeUndefined();
    expect(await logins.prove({ sessionId: 'c', proof })).toBeUndefined();
    await logins.end('a', 'reuse');
    await logins.end('a', 'logout');
    expect(await logins.prove({ sessionId: 'a', proof })).toMatchObject({ sessionId: 'a', why: 'reuse' });
  });

  it('is over when its refresh tokens can be no more', async () => {
    const { clock, logins } = setUp();
    await logins.begin({ sessionId: 'a', authTime });
    clock.now += 32 * 24 * 3600_000;
    expect(await logins.isLive('a')).toBe(false);
  });

  it('does not begin a second time', async () => {
    const { logins } = setUp();
    await logins.begin({ sessionId: 'a', authTime });
    await logins.end('a', 'logout');
    await expect(logins.begin({ sessionId: 'a', authTime })).rejects.toMatchObject({ code: 'session_expired' });
    expect(await logins.isLive('a')).toBe(false);
  });
});

describe('the end of all logins', () => {
  it('takes those with it whose password was checked before', async () => {
    const { clock, logins } = setUp();
    await logins.begin({ sessionId: 'a', authTime });
    clock.now += 5_000;
    await logins.endAll('new_password');
    expect(await logins.isLive('a')).toBe(false);
    await expect(logins.begin({ sessionId: 'late', authTime: authTime + 4 })).rejects.toMatchObject({
      code: 'session_expired',
    });
    await logins.begin({ sessionId: 'new', authTime: authTime + 5 });
    expect(await logins.isLive('new')).toBe(true);
  });

  it('is for ever when the account is erased', async () => {
    const { logins } = setUp();
    await logins.endAll('erasure');
    await logins.endAll('new_password');
    await expect(logins.begin({ sessionId: 'new', authTime: authTime + 60 })).rejects.toMatchObject({
      code: 'session_expired',
    });
  });
});
