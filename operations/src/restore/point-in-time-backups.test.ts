import { tableDefinitions } from '@top-active/aws/table-definitions';
import { afterEach, describe, expect, it } from 'vitest';
import { pointInTimeBackups } from './point-in-time-backups.ts';
import type { Restored } from './table-backups.ts';
import { startBackupService, type FakeTable } from './test-support/backup-service.ts';
import { breakOffAfter } from './test-support/break-off.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const at = new Date('2026-11-25T03:00:00.000Z');
const seconds = at.getTime() / 1000;
const stream = 'arn:aws:dynamodb:us-east-1:000000000000:table/items/stream/0';
const damaged: FakeTable = {
  content: 'damaged',
  createdAt: seconds - 1000,
  isProtected: true,
  status: 'ACTIVE',
  stream,
  ttlAttribute: 'expiresAt',
  recoveryDays: 35,
};
const whole = {
  isProtected: true,
  ttlAttribute: 'expiresAt',
  recoveryDays: 35,
  stream: expect.stringContaining('/stream/'),
};

async function startService({ isThere = true }: { isThere?: boolean } = {}) {
  const service = await startBackupService(seconds + 1000);
  closing.push(service.close);
  if (isThere) service.tables.set('items', { ...damaged });
  else
    service.backups.set('arn:aws:dynamodb:us-east-1:000000000000:table/items/backup/0', {
      table: 'items',
      name: 'items',
      type: 'SYSTEM',
      content: 'as deleted',
      status: 'AVAILABLE',
    });
  return service;
}

type Service = Awaited<ReturnType<typeof startService>>;

async function restore(
  service: Service,
  { at, killAfter }: { at: Date | undefined; killAfter?: number | undefined },
): Promise<Restored | 'broken off'> {
  const client = service.createClient();
  closing.push(() => client.destroy());
  const broken = killAfter && breakOffAfter(client, killAfter);
  const backups = pointInTimeBackups({
    client,
    tables: new Map([['items', { definition: tableDefinitions.items, recoveryDays: 35, protect: true }]]),
    onStep: () => undefined,
    everySeconds: 0.001,
  });
  const done = backups.restore('items', at);
  return broken ? Promise.race([done, broken]) : done;
}

describe('restoring a table in AWS', () => {
  it('puts an earlier point in its place, under the same name, with all that a restore leaves out', async () => {
    const service = await startService();
    expect(await restore(service, { at })).toBe('point');
    expect(service.tables.get('items')).toMatchObject({ content: `damaged at ${seconds}`, ...whole });
    expect([...service.tables.keys()]).toEqual(['items-at-20261125030000', 'items']);
    expect(service.tables.get('items')?.stream).not.toBe(stream);
  });

  it('deletes nothing before its replacement is safe', async () => {
    const service = await startService();
    await restore(service, { at });
    const before = service.calls.slice(0, service.calls.indexOf('DeleteTable'));
    expect(before).toContain('DescribeBackup');
    expect([...service.backups.values()][0]).toMatchObject({ name: 'restore', status: 'AVAILABLE' });
  });

  it('brings a deleted table back out of the backup that its deletion made', async () => {
    const service = await startService({ isThere: false });
    expect(await restore(service, { at: undefined })).toBe('last');
    expect(service.tables.get('items')).toMatchObject({ content: 'as deleted', ...whole });
  });

  it('leaves a table alone whose newest state is wanted and which is there', async () => {
    const service = await startService();
    expect(await restore(service, { at: undefined })).toBe('last');
    expect(service.tables.get('items')).toEqual(damaged);
    expect(service.calls.filter((call) => !call.startsWith('Describe'))).toEqual([]);
  });

  it('says so when a deleted table can’t be had as it was at the point', async () => {
    const service = await startService({ isThere: false });
    expect(await restore(service, { at })).toBe('last');
    expect(await restore(service, { at })).toBe('last');
    expect(service.tables.get('items')).toMatchObject({ content: 'as deleted', ...whole });
  });

  it('refuses the backup of its own deletion when it is started again for another point', async () => {
    const whole = await startService();
    await restore(whole, { at });
    const service = await startService();
    await restore(service, { at, killAfter: whole.calls.indexOf('RestoreTableFromBackup') });
    expect(service.tables.has('items')).toBe(false);
    await expect(restore(service, { at: new Date(at.getTime() + 60_000) })).rejects.toThrow('items-at-20261125030000');
    expect(service.tables.has('items')).toBe(false);
  });

  it('refuses a point from before the table was made, and does nothing to it', async () => {
    const service = await startService();
    const before = new Date((damaged.createdAt - 60) * 1000);
    await expect(restore(service, { at: before })).rejects.toThrow('after the restore point');
    expect(service.tables.get('items')).toEqual(damaged);
  });
});

describe.each([
  { title: 'an earlier point', isThere: true, at, restored: 'point', content: `damaged at ${seconds}` },
  { title: 'an earlier point of a deleted table', isThere: false, at, restored: 'last', content: 'as deleted' },
  { title: 'the newest state', isThere: true, at: undefined, restored: 'last', content: 'damaged' },
  {
    title: 'the newest state of a deleted table',
    isThere: false,
    at: undefined,
    restored: 'last',
    content: 'as deleted',
  },
])('a restore to $title', ({ isThere, at, restored, content }) => {
  it('goes on after it was broken off at any of its calls', { timeout: 20_000 }, async () => {
    let call = 1;
    for (; ; call += 1) {
      const service = await startService({ isThere });
      if ((await restore(service, { at, killAfter: call })) !== 'broken off') break;
      expect(await restore(service, { at }), `call ${call}: ${service.calls[call - 1]}`).toBe(restored);
      expect(service.tables.get('items'), `call ${call}: ${service.calls[call - 1]}`).toMatchObject({
        content,
        ...whole,
      });
    }
    expect(call).toBeGreaterThan(3);
  });

  it('goes on however often it is broken off, and does nothing once it is done', async () => {
    const service = await startService({ isThere });
    // Each run gets one call further than the last.
    for (let call = 1; ; call += 1) if ((await restore(service, { at, killAfter: call })) !== 'broken off') break;
    const settled = structuredClone(service.tables.get('items'));
    expect(settled).toMatchObject({ content, ...whole });
    expect(await restore(service, { at })).toBe(restored);
    expect(service.tables.get('items')).toEqual(settled);
  });
});
