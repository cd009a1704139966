import { randomUUID } from 'node:crypto';
import { takeOverAfterMs, type Heartbeat } from '@top-active/core/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { createClients, type AwsClients } from '../calls/clients.ts';
import { createHostLeases, type HostLeases } from './host-leases.ts';
import { createShardRegistry } from './shard-registry.ts';
import { findUnownedShards } from './unowned-shards.ts';

const shards = 60;
const wanted = Array.from({ length: shards }, (_, shard) => ({ shard }));
const clock = { now: 1_790_000_000_000 };

let db: TestDynamoDb;
let clients: AwsClients;
beforeAll(async () => {
  db = await startDynamoDb();
  clients = { ...createClients(), dynamodb: db.client };
});
afterAll(async () => {
  clients.close();
  await db.close();
});
beforeEach(() => {
  clock.now += 3_600_000;
});

const registryOf = () => createShardRegistry(clients, { table: 'leases', shards, now: () => clock.now });

/** The heartbeat of a host, and what it takes to renew it. */
async function begin(hostId: string) {
  const facts = { capacity: 1, version: 'test' };
  const leases: HostLeases = createHostLeases(clients, { table: 'leases', hostId, facts });
  const heartbeat: Heartbeat = {
    hostId,
    instance: randomUUID(),
    beat: 1,
    sentAt: clock.now,
    ended: false,
    draining: false,
    released: [],
  };
  const { heartbeats } = await leases.look();
  await leases.begin(
    heartbeat,
    heartbeats.find((known) => known.hostId === hostId),
  );
  return { leases, heartbeat, take: (some = wanted) => registryOf().take({ ...heartbeat, wanted: some }) };
}

function takenBy(result: Awaited<ReturnType<ReturnType<typeof registryOf>['take']>>) {
  if ('refusal' in result) throw new Error(`Refused: ${result.refusal}`);
  return result.taken;
}

describe('shards', () => {
  it('that many want at once go to one each, in however many transactions', async () => {
    const hosts = await Promise.all(['a', 'b', 'c'].map((name) => begin(name)));
    const results = await Promise.all(hosts.map(({ take }) => take()));
    const all = results.flatMap((result) => takenBy(result)).map(({ shard }) => shard);
    expect(all.toSorted((x, y) => x - y)).toEqual(wanted.map(({ shard }) => shard));
    // Asked again, each hears the same again.
    for (const [i, { take }] of hosts.entries()) expect(await take()).toEqual(results[i]);
    await Promise.all(hosts.map(({ leases, heartbeat }) => leases.end(heartbeat)));
  });

  it('of a host that begins anew are free, and its former instance gets nothing more', async () => {
    const former = await begin('d');
    const before = takenBy(await former.take());
    expect(before).toHaveLength(shards);
    const next = await begin('d');
    const after = takenBy(await next.take());
    expect(after.every(({ epoch }, i) => epoch > (before[i]?.epoch ?? Infinity))).toBe(true);
    expect(await former.take()).toEqual({ refusal: 'replaced' });
    expect(await former.leases.renew({ ...former.heartbeat, beat: 2 })).toBe(false);
    await next.leases.end(next.heartbeat);
  });

  it('of a silent host go to who has seen it so, not to who has seen another heartbeat', async () => {
    const silent = await begin('e');
    takenBy(await silent.take());
    clock.now += takeOverAfterMs;
    const other = await begin('f');
    const { hostId, instance, beat } = silent.heartbeat;
    const seeing = (seenBeat: number) => wanted.map((one) => ({ ...one, seen: { hostId, instance, beat: seenBeat } }));
    expect(takenBy(await other.take(seeing(beat + 1)))).toEqual([]);
    expect(takenBy(await other.take(seeing(beat)))).toHaveLength(shards);
    await other.leases.end(other.heartbeat);
  });

  it('that no living host holds are found: never taken, given back, of a silent host or of its former instance', async () => {
    const unowned = () => findUnownedShards(clients, { table: 'leases', shards, now: () => clock.now });
    const all = wanted.map(({ shard }) => shard);
    const holder = await begin('i');
    expect(await unowned()).toEqual(all);
    await holder.take(wanted.slice(10));
    expect(await unowned()).toEqual(all.slice(0, 10));
    clock.now += takeOverAfterMs;
    expect(await unowned()).toEqual(all);
    await holder.leases.renew({ ...holder.heartbeat, beat: 2, sentAt: clock.now });
    expect(await unowned()).toEqual(all.slice(0, 10));
    const next = await begin('i');
    expect(await unowned()).toEqual(all);
    await next.take();
    expect(await unowned()).toEqual([]);
    await next.leases.end(next.heartbeat);
    expect(await unowned()).toEqual(all);
  });

  it('that were released are free for others and for their former holder, by a later term; what it still holds is not', async () => {
    const first = await begin('r');
    const before = takenBy(await first.take());
    const released = [{ shard: 0, epoch: before[0]?.epoch ?? 0 }];
    expect(await first.leases.renew({ ...first.heartbeat, beat: 2, released })).toBe(true);
    const second = await begin('s');
    const [taken, ...more] = takenBy(await second.take());
    expect([taken?.shard, more]).toEqual([0, []]);
    expect(taken?.epoch).toBeGreaterThan(before[0]?.epoch ?? Infinity);
    // Not its own any more, although its last word on it was that it is free.
    expect(takenBy(await first.take()).map(({ shard }) => shard)).not.toContain(0);
    expect(
      await second.leases.renew({ ...second.heartbeat, beat: 2, released: [{ shard: 0, epoch: taken?.epoch ?? 0 }] }),
    ).toBe(true);
    const back = takenBy(await first.take()).find(({ shard }) => shard === 0);
    expect(back?.epoch).toBeGreaterThan(taken?.epoch ?? Infinity);
    const { heartbeats } = await first.leases.look();
    expect(heartbeats.find(({ hostId }) => hostId === 's')).toMatchObject({ version: 'test', capacity: 1 });
    await Promise.all([first, second].map(({ leases, heartbeat }) => leases.end(heartbeat)));
  });

  it('are as many as when the first was taken, or none is given', async () => {
    const host = await begin('n');
    takenBy(await host.take());
    expect((await host.leases.look()).shards).toBe(shards);
    const other = createShardRegistry(clients, { table: 'leases', shards: shards * 2, now: () => clock.now });
    await expect(other.take({ ...host.heartbeat, wanted })).rejects.toThrow(`set it back to ${shards}`);
    await host.leases.end(host.heartbeat);
  });

  it('have epochs that only grow, also when the clock goes back', async () => {
    const first = await begin('g');
    const [before] = takenBy(await first.take());
    await first.leases.end(first.heartbeat);
    // The clock of the giver goes back.
    clock.now -= 1_800_000;
    const second = await begin('h');
    const [after] = takenBy(await second.take());
    expect(after?.epoch).toBe((before?.epoch ?? 0) + 1);
    await second.leases.end(second.heartbeat);
  });
});
