import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { logger } from '@top-active/aws';
import { startDynamoDb, type TestDynamoDb } from '@top-active/aws/test-support/dynoxide';
import { customer, openTenant } from '@top-active/aws/test-support/tenants';
import type { EngineSession } from '../engine/engine.ts';
import { createDailyNames } from './daily-names.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const day = 24 * 3_600_000;
/** Only handed on. */
const engine = {} as EngineSession;

it('compares names once a day, the first time a day after it began', async () => {
  const tenant = openTenant(db);
  const ids: [string, string] = ['5511987654321@c.us', '99887766554433@lid'];
  await tenant.chats.upsertContact({ ...customer(), waIds: ids });
  const asked: unknown[] = [];
  const refreshIfDue = createDailyNames({
    tenant,
    async describe(peer, by) {
      asked.push([peer, by === engine]);
      return { ...customer(), waIds: ids, name: 'Beatriz' };
    },
    inChatOrder: (_peer, task) => task(),
    log: logger,
    signal: new AbortController().signal,
  });
  vi.advanceTimersByTime(day - 1);
  refreshIfDue(engine);
  vi.advanceTimersByTime(1);
  refreshIfDue(engine);
  refreshIfDue(engine);
  await expect.poll(async () => (await tenant.chats.page({ limit: 10 })).items[0]?.name).toBe('Beatriz');
  expect(asked).toEqual([[ids[0], true]]);
});
