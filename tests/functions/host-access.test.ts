import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createClients,
  createHostAccess,
  createHostLeases,
  createKnownBuilds,
  createPlacements,
  createSignedFetch,
  createTenants,
  readHostId,
  type AwsClients,
} from '@top-active/aws';
import { capabilityNames, tenantSessionSchema, type CapabilityReport, partsOf } from '@top-active/core/contracts';
import { shardOf, stopAfterMs, takeOverAfterMs } from '@top-active/core/domain';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootCloud, localShards, type Cloud } from '@top-active/local/stack/boot-cloud';
import { createClosers } from '@top-active/local/stack/closers';
import { awsEnvironment } from '@top-active/local/stack/environment';
import { startHostAccess } from '../support/host-access-fixture.ts';

const { path: tenantSessionPath } = partsOf('POST /internal/tenant-sessions');
const { path: shardsPath } = partsOf('POST /internal/shards');

const closers = createClosers();
const logs: string[] = [];
let cloud: Cloud;
let endpoint: string;
/** Hosts don't place users; the function behind the button does. */
let asWhatsapp: AwsClients;

beforeAll(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'host-access-'));
  closers.add(() => rmSync(dir, { recursive: true, force: true }));
  const part = (name: string) => {
    mkdirSync(join(dir, name), { recursive: true });
    return join(dir, name);
  };
  const state = { dir, part, release: () => undefined };
  const onError = (error: unknown) => expect.unreachable(String(error));
  cloud = await bootCloud({ state, closers, onEmail: () => undefined, onError });
  asWhatsapp = await clientsOf('whatsapp', 'whatsapp');
  endpoint = await startHostAccess({ cloud, closers, onLog: (line) => logs.push(line) });
});
afterAll(() => closers.closeAll());

const ends: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(ends.splice(0).map((end) => end())));

/** The SDK reads its environment at first use. */
async function clientsOf(workload: string, session: string): Promise<AwsClients> {
  const previous = { ...process.env };
  Object.assign(process.env, awsEnvironment(cloud, workload, session));
  const clients = createClients();
  closers.add(() => clients.close());
  await readHostId(clients);
  await clients.dynamodb.config.credentials();
  // Whether it may or not: the address is known then.
  await createPlacements(clients, { table: cloud.tables.placements, shards: localShards })
    .has(randomUUID())
    .catch(() => undefined);
  Object.assign(process.env, previous);
  return clients;
}

/** A session host as far as leases go: a principal of its own, with heartbeats as the test sends them. */
async function openHost(name: string) {
  const clients = await clientsOf('session-host', name);
  const hostId = await readHostId(clients);
  const credentials = await clients.sts.config.credentials();
  const facts = { capacity: 1, version: 'test' };
  const leases = createHostLeases(clients, { table: cloud.tables.leases, hostId, facts });
  await leases.look();
  const access = createHostAccess(clients, { endpoint, pausesMs: [] });
  const instance = randomUUID();
  let beat = 0;
  const heartbeat = (age = 0) => ({
    hostId,
    instance,
    beat: beat++,
    sentAt: Date.now() - age,
    ended: false,
    draining: false,
    released: [],
  });
  const end = () => leases.end({ hostId, instance });
  ends.push(end);
  return {
    clients,
    credentials,
    hostId,
    instance,
    leases,
    access,
    begin: () => leases.begin(heartbeat(), undefined),
    /** @param age milliseconds since it was sent */
    renew: (age = 0) => leases.renew(heartbeat(age)),
    takeAll: () => access.takeShards({ instance, shards: [{ shard: 0 }, { shard: 1 }] }),
    end,
  };
}

/** Of a user who has a session placed. */
async function placeUser(): Promise<string> {
  const userId = randomUUID();
  await createPlacements(asWhatsapp, { table: cloud.tables.placements, shards: localShards }).assign(userId);
  return userId;
}

async function post(clients: AwsClients, path: string, body: object) {
  const send = createSignedFetch(clients);
  const response = await send({ method: 'POST', url: endpoint + path, body, timeoutMs: 5_000 });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

describe('a session host', () => {
  it('writes what it knows of WhatsApp’s page beside the placements, and no placement', async () => {
    const { clients } = await openHost('task-pages');
    const table = cloud.tables.placements;
    const builds = createKnownBuilds(clients, { table });
    const at = '2026-11-30T12:00:00.000Z';
    const capabilities = Object.fromEntries(
      capabilityNames.map((name) => [name, { state: name === 'media' ? 'missing' : 'ok' }]),
    ) as CapabilityReport['capabilities'];
    const repairs = [
      { name: 'message-key', applied: true, how: '$1' },
      { name: 'seen', applied: false, how: 'not needed' },
    ];
    const met = { build: '2.3000.1048032155', at, capabilities, repairs };
    expect(await builds.meet(met)).toEqual({ isNew: true, newlyMissing: ['media'] });
    const later = '2026-12-01T12:00:00.000Z';
    // Another session finds it whole, a third one misses more: what was told once isn't told again.
    await builds.meet({ ...met, capabilities: { ...capabilities, media: { state: 'ok' } } });
    const worse = { ...met, at: later, capabilities: { ...capabilities, send: { state: 'missing' as const } } };
    expect(await builds.meet(worse)).toEqual({ isNew: false, newlyMissing: ['send'] });
    expect(await builds.meet({ ...met, build: 'SHARD#0' })).toEqual({ isNew: true, newlyMissing: ['media'] });
    expect(await builds.list()).toMatchObject([
      { build: met.build, firstMetAt: at, lastMetAt: later, repairs: ['message-key'] },
      { build: 'other' },
    ]);
    const placements = createPlacements(clients, { table, shards: localShards });
    expect(await placements.list(0)).toEqual([]);
    await expect(placements.assign(randomUUID())).rejects.toThrow('not authorized');
  });

  it('gets shards that are free, and credentials for their users alone', async () => {
    const host = await openHost('task-one');
    await host.begin();
    const { taken } = await host.takeAll();
    expect(taken.map(({ shard }) => shard)).toEqual([0, 1]);
    const userId = await placeUser();
    const session = await host.access.credentials(userId);
    expect(session.expiration.getTime() - Date.now()).toBeLessThanOrEqual(900_000);
    expect(cloud.sts.resolve(session.accessKeyId)).toMatchObject({
      arn: expect.stringMatching(`:assumed-role/.*TenantSecretsRole.*/user-${userId}$`),
      tags: { userId },
    });
    const env = {
      ITEMS_TABLE: cloud.tables.items,
      KEYS_TABLE: cloud.tables.keys,
      KMS_KEY_ID: cloud.kmsKeyId,
      SIMULATED: true,
    };
    const tenants = createTenants(host.clients, { env, credentials: host.access.credentials });
    const tenant = await tenants.for(userId);
    const context = { table: 'files', pk: userId, sk: '1', field: 'content', version: 1 };
    const sealed = await tenant.secrets.seal('whatsapp', context, 'x');
    expect((await tenant.secrets.open('whatsapp', context, sealed)).toString()).toBe('x');
    await tenants.close();
    expect(host.access.calls).toEqual({ granted: 3, refused: 0, failed: 0 });
  });

  it('gets nothing for users of shards that another holds, whatever it says of itself', async () => {
    const holder = await openHost('task-holder');
    const other = await openHost('task-other');
    await holder.begin();
    await other.begin();
    const epochs = (await holder.takeAll()).taken.map(({ epoch }) => epoch);
    expect(await other.takeAll()).toEqual({ taken: [] });
    const userId = await placeUser();
    const shard = shardOf(userId, localShards);
    await expect(other.access.credentials(userId)).rejects.toThrow(`Shard ${shard}: another host holds it.`);
    const claiming = await post(other.clients, tenantSessionPath, { userId, hostId: holder.hostId });
    expect(claiming).toMatchObject({ status: 400, answer: { errors: [{ field: 'hostId' }] } });
    const posing = await post(other.clients, shardsPath, { instance: holder.instance, shards: [{ shard }] });
    expect(posing).toMatchObject({ status: 403, answer: { code: 'host_refused', errors: [{ field: 'shard' }] } });
    await expect(holder.access.credentials(userId)).resolves.toBeDefined();
    expect((await holder.takeAll()).taken.map(({ epoch }) => epoch)).toEqual(epochs);
  });

  it('takes over at once from one that has ended, with a later epoch; from one that is silent only what it saw so', async () => {
    const first = await openHost('task-a');
    await first.begin();
    const before = (await first.takeAll()).taken[0]?.epoch ?? 0;
    await first.end();
    const second = await openHost('task-b');
    await second.begin();
    const { taken } = await second.takeAll();
    expect(taken).toHaveLength(2);
    expect(taken[0]?.epoch).toBeGreaterThan(before);

    const third = await openHost('task-c');
    await third.begin();
    await second.renew(takeOverAfterMs + 1);
    expect(await third.takeAll()).toEqual({ taken: [] });
    const { heartbeats } = await third.leases.look();
    const seen = heartbeats.find(({ hostId }) => hostId === second.hostId);
    if (!seen) throw new Error('No heartbeat');
    const asSeen = { hostId: seen.hostId, instance: seen.instance, beat: seen.beat };
    const take = (shard: number) =>
      third.access.takeShards({ instance: third.instance, shards: [{ shard, seen: asSeen }] });
    expect((await take(0)).taken).toHaveLength(1);
    // A heartbeat came after all.
    await second.renew();
    expect((await take(1)).taken).toHaveLength(0);
  });

  it('gets nothing while its own heartbeat is too old, and again when it is not', async () => {
    const host = await openHost('task-slow');
    await host.begin();
    await host.takeAll();
    const userId = await placeUser();
    await host.renew(takeOverAfterMs + 1);
    await expect(host.access.credentials(userId)).rejects.toThrow('the heartbeat of this host is too old');
    await expect(host.takeAll()).rejects.toThrow('the heartbeat of this host is too old');
    await host.renew(stopAfterMs);
    await expect(host.access.credentials(userId)).resolves.toBeDefined();
    await host.end();
    await expect(host.access.credentials(userId)).rejects.toThrow('the heartbeat of this host is too old');
  });

  it('gets nothing for users without a placed session, and hears what is wrong with an id', async () => {
    const host = await openHost('task-curious');
    await host.begin();
    await host.takeAll();
    await expect(host.access.credentials(randomUUID())).rejects.toThrow('no session of this user is placed on it');
    const wrong = await post(host.clients, tenantSessionPath, { userId: 'USER#1' });
    expect(wrong).toMatchObject({ status: 400, answer: { code: 'invalid_request', errors: [{ field: 'userId' }] } });
    const beyond = await post(host.clients, shardsPath, { instance: host.instance, shards: [{ shard: 9 }] });
    expect(beyond).toMatchObject({ status: 400, answer: { errors: [{ field: 'shards' }] } });
  });

  it('is nobody without a signature of its own, and a refusal is all that is heard then', async () => {
    const host = await openHost('task-signing');
    const body = JSON.stringify({ userId: randomUUID() });
    const plain = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    const unsigned = await fetch(endpoint + tenantSessionPath, plain);
    expect([unsigned.status, await unsigned.json()]).toEqual([403, { message: 'Forbidden' }]);

    const { region } = host.clients.sts.config;
    const credentials = () => Promise.resolve({ ...host.credentials, secretAccessKey: 'guessed' });
    const wrongly = createSignedFetch({ sts: { config: { credentials, region } } });
    const answer = await wrongly({ method: 'POST', url: endpoint + tenantSessionPath, body: {}, timeoutMs: 5_000 });
    expect(answer.status).toBe(403);
  });

  it('leaves no credentials in any log', async () => {
    const host = await openHost('task-quiet');
    await host.begin();
    await host.takeAll();
    const userId = await placeUser();
    const { answer } = await post(host.clients, tenantSessionPath, { userId });
    const session = tenantSessionSchema.parse(answer);
    await post(host.clients, tenantSessionPath, { userId: randomUUID() });
    expect(logs.join('\n')).toContain('Request refused');
    for (const secret of [session.secretAccessKey, session.sessionToken]) expect(logs.join('\n')).not.toContain(secret);
  });

  it('of a name that only somebody else could give stays out', async () => {
    // An IAM user: no session of a role.
    cloud.sts.registerPrincipal({ accessKeyId: 'AKIAUSER', arn: 'arn:aws:iam::000000000000:user/somebody' });
    const previous = { ...process.env };
    Object.assign(process.env, awsEnvironment(cloud, 'session-host', 'x'), { AWS_ACCESS_KEY_ID: 'AKIAUSER' });
    const clients = createClients();
    closers.add(() => clients.close());
    const { status, answer } = await post(clients, tenantSessionPath, { userId: randomUUID() });
    Object.assign(process.env, previous);
    // No policy of the deployment is a user's: API Gateway refuses, and says no more.
    expect([status, answer]).toEqual([403, { message: 'Forbidden' }]);
  });
});
