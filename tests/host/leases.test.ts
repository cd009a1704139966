import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createClients, createHostLeases, readHostId } from '@top-active/aws';
import { killAfterMs, shardOf, type Heartbeat } from '@top-active/core/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localShards } from '@top-active/local/stack/boot-cloud';
import { awsEnvironment } from '@top-active/local/stack/environment';
import { ana, owner, startHostFixture, type HostFixture } from '../support/session-host-fixture.ts';

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

  it('leaves no browser when its worker is stopped, or the supervisor killed, and comes back without a code', async () => {
    for (const [n, strike] of [stopWorker, killSupervisor].entries()) {
      const browsers = () => descendantsOf(fixture.host.pid).filter((pid) => isBrowser(pid));
      await expect.poll(browsers, { timeout: 30_000 }).not.toEqual([]);
      const before = [fixture.host.pid, ...descendantsOf(fixture.host.pid)];
      const connected = countEvents('device-connected');
      strike(fixture.host.pid);
      await expect.poll(() => before.filter(isAlive), { timeout: killAfterMs + 2_000 }).toEqual([]);
      // The next life begins only now.
      expect(countEvents('device-connected')).toBe(connected);
      fixture.world.send({ from: ana, to: owner, text: `depois ${n}` });
      await expect
        .poll(async () => (await fixture.conversation(ana)).at(-1), { timeout: 40_000 })
        .toBe(`customer: depois ${n}`);
    }
    expect(countEvents('linked')).toBe(1);
  });

  it('ends the session and its browser when another host has the user under a later term, writes nothing more, and may have the user again later', async () => {
    const browsers = () => descendantsOf(fixture.host.pid).filter((pid) => isBrowser(pid));
    await fixture.waitForState('linked');
    const before = await fixture.conversation(ana);
    const { pid } = fixture.host;
    await (await fixture.tenantOfNextTerm()).claim();
    const claimed = await fixture.tenant.whatsapp.get();
    fixture.world.send({ from: ana, to: owner, text: 'tarde demais' });
    await expect.poll(browsers, { timeout: 10_000 }).toEqual([]);
    expect(fixture.logs.join('\n')).toContain('ALARM: a host of a later term has this user');
    expect(isAlive(pid)).toBe(true);
    expect(await fixture.conversation(ana)).toEqual(before);
    // Not even that the connection is gone: it is the other host's to tell.
    expect(await fixture.tenant.whatsapp.get()).toEqual(claimed);

    await fixture.host.stop();
    fixture.host.start();
    await expect
      .poll(() => fixture.conversation(ana), { timeout: 30_000 })
      .toEqual([...before, 'customer: tarde demais']);
    await fixture.waitForState('linked');
    expect(countEvents('linked')).toBe(1);
  });

  it('hands over to another host when it is told to end: what is ordered and what comes in meanwhile is neither lost nor doubled', async () => {
    const { tenant, world, host, logs } = fixture;
    fixture.startAnother('second');
    const startedBefore = countLogs('Session host started');
    await expect.poll(() => countLogs('Session host started'), { timeout: 20_000 }).toBe(startedBefore + 1);
    const chatId = await tenant.chats.resolvePeer([`${ana}@c.us`]);
    if (chatId === undefined) throw new Error('There is no chat');
    const before = (await fixture.conversation(ana)).length;
    const order = (n: number) =>
      tenant.commands.create({
        command: { kind: 'message.send', chatId, text: `ordem ${n}`, author: 'owner' },
      });
    await Promise.all([1, 2].map(order));
    const stopped = host.stop();
    await expect
      .poll(() => world.phone(owner).devices.some(({ connected }) => connected), { timeout: 20_000 })
      .toBe(false);
    world.send({ from: ana, to: owner, text: 'entre dois' });
    await stopped;
    expect(logs.join('\n')).not.toContain('Not every session could be stopped in order');
    await expect.poll(async () => (await fixture.conversation(ana)).length, { timeout: 40_000 }).toBe(before + 3);
    expect((await fixture.conversation(ana)).slice(before).toSorted()).toEqual([
      'customer: entre dois',
      'owner: ordem 1',
      'owner: ordem 2',
    ]);
    expect(countEvents('linked')).toBe(1);

    function countLogs(message: string): number {
      return logs.filter((line) => line.includes(`"${message}"`)).length;
    }
  });

  function countEvents(wanted: string): number {
    return fixture.world.events().filter(({ kind }) => kind === wanted).length;
  }
});

/** Another process that has the host's very credentials. */
async function openRival({ cloud, tenant }: HostFixture) {
  const previous = { ...process.env };
  Object.assign(process.env, awsEnvironment(cloud, 'session-host', 'test'));
  const clients = createClients();
  const hostId = await readHostId(clients);
  const facts = { capacity: 1, version: 'rival' };
  const leases = createHostLeases(clients, { table: cloud.tables.leases, hostId, facts });
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
      const heartbeat = { hostId, instance, beat: 1, sentAt: Date.now(), ended: false, draining: false, released: [] };
      // A heartbeat of the host may come in between.
      for (let newest = own; !(await leases.begin(heartbeat, newest)); newest = (await look()).own);
    },
    end: () => leases.end({ hostId, instance }),
    close: () => clients.close(),
  };
}

function waiting({ logs }: HostFixture): boolean {
  return logs.some((line) => line.includes('Another instance of this host may still be running'));
}

function stopWorker(supervisor: number | undefined): void {
  for (const pid of childrenOf(supervisor)) process.kill(pid, 'SIGSTOP');
}

function killSupervisor(supervisor: number | undefined): void {
  if (supervisor !== undefined) process.kill(supervisor, 'SIGKILL');
}

function descendantsOf(root: number | undefined): number[] {
  return childrenOf(root).flatMap((pid) => [pid, ...descendantsOf(pid)]);
}

function childrenOf(parent: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map(Number);
}

function parentOf(pid: string): number {
  const stat = read(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function isBrowser(pid: number): boolean {
  return read(pid, 'cmdline').includes('--user-data-dir=');
}

/** Empty when the process is gone. */
function read(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** One that only waits for its parent to notice its end is gone. */
function isAlive(pid: number | undefined): boolean {
  return pid !== undefined && /^State:\t[^ZX]/m.test(read(pid, 'status'));
}
