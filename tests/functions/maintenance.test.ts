import { randomUUID } from 'node:crypto';
import { createClients, createPlacements, createWakeReceiver, type AwsClients, type Placements } from '@top-active/aws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { localShards } from '@top-active/local/stack/boot-cloud';
import { startLambdasFixture, type LambdasFixture } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
let clients: AwsClients;
let placements: Placements;
beforeAll(async () => {
  fixture = await startLambdasFixture();
  clients = createClients();
  placements = createPlacements(clients, { table: fixture.cloud.tables.placements, shards: localShards });
});
afterAll(async () => {
  clients.close();
  await fixture.close();
});

async function placed(): Promise<string> {
  const userId = randomUUID();
  await placements.assign(userId);
  return userId;
}

/** As a function would have written more than a minute ago. */
const aMinuteAgo = (userId: string) => fixture.openTenants(() => Date.now() - 61_000).for(userId);

/** Runs the function; what hosts find in their queues then. */
async function woken(): Promise<{ userId: string; commandId: string }[]> {
  await fixture.run('maintenance');
  const found: { userId: string; commandId: string }[] = [];
  for (let shard = 0; shard < localShards; shard += 1) {
    const receiver = createWakeReceiver(clients, { urlTemplate: fixture.cloud.wakeQueueUrlTemplate, shard });
    for (;;) {
      const received = await receiver.receive({ waitSeconds: 1 });
      if (received.length === 0) break;
      for (const { wake, receiptHandle } of received) {
        found.push({ userId: wake.userId, commandId: wake.commandId });
        await receiver.done(receiptHandle);
      }
    }
  }
  return found;
}

const expectSaidSoon = (text: string) =>
  vi.waitFor(() => {
    if (!fixture.logs.some(({ line }) => line.includes(text))) throw new Error(`Nothing says: ${text}`);
  });

describe('maintenance', () => {
  it('wakes hosts for commands that nobody took within a minute, once for each user', async () => {
    const [waiting, fresh, served] = [await placed(), await placed(), await placed()];
    const tenant = await aMinuteAgo(waiting);
    const oldest = await tenant.whatsapp.beginConnect();
    await tenant.whatsapp.requestStop();
    await (await fixture.tenantOf(fresh)).whatsapp.beginConnect();
    const taken = await (await aMinuteAgo(served)).whatsapp.beginConnect();
    await (await fixture.tenantOf(served)).commands.finish(taken.commandId, { state: 'SENT' });
    expect(await woken()).toEqual([{ userId: waiting, commandId: oldest.commandId }]);
    // Again and again, as long as nobody takes it, though SQS remembers the first wake.
    expect(await woken()).toEqual([{ userId: waiting, commandId: oldest.commandId }]);
  });

  it('counts the shards that no host has', async () => {
    await fixture.run('maintenance');
    await expectSaidSoon('"unowned":"0, 1"');
    await expectSaidSoon('"UnownedShards":2');
  });
});
