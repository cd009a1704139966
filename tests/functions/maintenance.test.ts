import { randomUUID } from 'node:crypto';
import { createPlacements, type Placements } from '@top-active/aws';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wakeAgain } from '@top-active/lambdas/maintenance/wake-again';
import { startAwsFixture, type AwsFixture } from '../support/aws-fixture.ts';

const shards = 4;
let fixture: AwsFixture;
let placements: Placements;
let woken: { userId: string; commandId: string; again: boolean | undefined }[];
beforeAll(async () => {
  fixture = await startAwsFixture();
  placements = createPlacements(fixture.clients, { table: 'placements', shards });
});
afterAll(() => fixture.close());
beforeEach(() => {
  woken = [];
});

async function placed(): Promise<string> {
  const userId = randomUUID();
  await placements.assign(userId);
  return userId;
}

function run(tenants = fixture.openTenants()): Promise<number> {
  const wakeQueue = {
    wake: (userId: string, commandId: string, options: { again?: boolean | undefined } = {}) => {
      woken.push({ userId, commandId, again: options.again });
      return Promise.resolve();
    },
  };
  return wakeAgain({ placements, tenants, wakeQueue, shards, now: () => fixture.clock.now });
}

describe('maintenance', () => {
  it('wakes hosts for commands that nobody took within a minute, once for each user', async () => {
    const [waiting, served] = [await placed(), await placed()];
    const tenants = fixture.openTenants();
    const oldest = await (await tenants.for(waiting)).whatsapp.beginConnect();
    await (await tenants.for(waiting)).whatsapp.requestStop();
    const taken = await (await tenants.for(served)).whatsapp.beginConnect();
    fixture.clock.now += 59_000;
    expect(await run()).toBe(0);
    fixture.clock.now += 2_000;
    await (await tenants.for(served)).commands.finish(taken.commandId, { state: 'SENT' });
    expect(await run()).toBe(1);
    expect(woken).toEqual([{ userId: waiting, commandId: oldest.commandId, again: true }]);
  });

  it('goes on when one user cannot be looked at', async () => {
    const users = [await placed(), await placed(), await placed()];
    const tenants = fixture.openTenants();
    for (const userId of users) await (await tenants.for(userId)).whatsapp.beginConnect();
    fixture.clock.now += 61_000;
    const broken = {
      ...tenants,
      for: (userId: string) => (userId === users[1] ? Promise.reject(new Error('Throttled')) : tenants.for(userId)),
    };
    await run(broken);
    const found = new Set(woken.map(({ userId }) => userId));
    expect(users.map((userId) => found.has(userId))).toEqual([true, false, true]);
  });
});
