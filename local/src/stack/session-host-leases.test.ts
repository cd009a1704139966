import { randomUUID } from 'node:crypto';
import { createClients, createHostLeases, readHostId } from '@top-active/aws';
import { shardOf, type Heartbeat } from '@top-active/core/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localShards } from './boot-cloud.ts';
import { awsEnvironment } from './environment.ts';
import { ana, owner, startHostFixture, type HostFixture } from './session-host-fixture.ts';

describe('session host: leases', { timeout: 120_000 }, () => {
  let fixture: HostFixture;
  beforeAll(async () => {
    fixture = await startHostFixture();
  });
  afterAll(async () => {
    await fixture.close();
  });

  it('ends at once when another instance has its place, comes back when that has ended, and needs no code', async () => {
    await fixture.link();
    const rival = await openRival(fixture);
    const before = await rival.look();
    const { pid } = fixture.host;
    await rival.begin(before.own);
    await expect.poll(() => fixture.logs.join('\n'), { timeout: 10_000 }).toContain('ALARM: the leases of this host');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
    fixture.world.send({ from: ana, to: owner, text: 'sem ninguém' });

    // The next life waits: it can't know whether the rival still is at work.
    await expect.poll(() => waiting(fixture), { timeout: 10_000 }).toBe(true);
    expect(await fixture.conversation(ana)).toEqual([]);
    await rival.end();
    await expect.poll(() => fixture.conversation(ana), { timeout: 30_000 }).toEqual(['customer: sem ninguém']);
    await fixture.waitForState('linked');
    const after = await rival.look();
    expect(after.lease?.epoch).toBeGreaterThan(before.lease?.epoch ?? Infinity);
    rival.close();
  });
});

/** Another process that has the host's very credentials. */
async function openRival({ cloud, tenant }: HostFixture) {
  const previous = { ...process.env };
  Object.assign(process.env, awsEnvironment(cloud, 'session-host', 'test'));
  const clients = createClients();
  const hostId = await readHostId(clients);
  const facts = { capacity: 1, version: 'rival' };
  const leases = createHostLeases(clients, { table: cloud.tables.leases, hostId, shards: localShards, facts });
  const shard = shardOf(tenant.userId, localShards);
  const instance = randomUUID();

  async function look() {
    const { leases: all, heartbeats } = await leases.look();
    const own = heartbeats.find((heartbeat) => heartbeat.hostId === hostId);
    return { own, lease: all.find((lease) => lease.shard === shard) };
  }
  await look();
  Object.assign(process.env, previous);
  return {
    look,
    async begin(own: Heartbeat | undefined) {
      const heartbeat = { hostId, instance, beat: 1, sentAt: Date.now(), ended: false };
      // A heartbeat of the host may come in between.
      for (let newest = own; !(await leases.begin(heartbeat, newest)); newest = (await look()).own);
    },
    end: () => leases.end({ hostId, instance }),
    close: () => clients.close(),
  };
}

function waiting({ logs }: HostFixture): boolean {
  return logs.some((line) => line.includes('Another instance of this host may still be at work'));
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    // Gone.
    return false;
  }
}
