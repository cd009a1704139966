import type { CommandRecord, OpenErasure, Tenant, WhatsAppRecord } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aCommandRecord, aWhatsAppRecord } from '@top-active/aws/test-support/records';
import { beforeEach, describe, expect, it } from 'vitest';
import { eraseAccounts } from './erase-accounts.ts';
import type { ErasureDeps } from './erasure-deps.ts';

const now = Date.parse('2026-11-30T12:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

let open: OpenErasure[];
let did: string[];
/** Of whatsApp, for everybody. */
let link: Pick<WhatsAppRecord, 'state' | 'desired'>;
let orders: ('link.stop' | 'message.send')[];
let failing: string[];
beforeEach(() => {
  open = [erasureOf('ana')];
  did = [];
  link = { state: 'unlinked', desired: 'off' };
  orders = [];
  failing = [];
});

function erasureOf(userId: string, changes: Partial<OpenErasure> = {}): OpenErasure {
  return { userId, requestedAt: minutesAgo(1), openedAt: minutesAgo(1), again: false, left: false, ...changes };
}

function tenantOf(userId: string): Tenant {
  return partOfTenant({
    userId,
    connections: { list: () => Promise.resolve([]) },
    logins: { endAll: () => Promise.resolve() },
    whatsapp: {
      get: () => Promise.resolve(aWhatsAppRecord(link)),
      requestStop: async () => {
        did.push(`${userId} stop`);
        return { status: aWhatsAppRecord(link), commandId: undefined };
      },
    },
    commands: { open: () => Promise.resolve(orders.map(order)) },
    credentials: { get: () => Promise.resolve(undefined), open: () => Promise.resolve(undefined) },
    secrets: { shred: async () => void did.push(`${userId} shred`) },
    events: { close: (isReady) => isReady() },
    erasure: {
      deleteItems: async ({ last, isTimeUp }) => {
        if (isTimeUp()) return false;
        did.push(`${userId} delete${last ? ' all' : ''}`);
        return true;
      },
      isEmpty: () => Promise.resolve(true),
    },
  });
}

function order(kind: 'link.stop' | 'message.send'): CommandRecord {
  return aCommandRecord({
    command: kind === 'link.stop' ? { kind } : { kind, chatId: 'chat', text: 'Oi', author: 'owner' },
  });
}

async function run(isTimeUp = () => false): Promise<Record<string, string>> {
  const deps = {
    erasures: {
      open: () => Promise.resolve(open),
      noteLeft: async (userId: string) => void did.push(`${userId} left`),
      complete: async (userId: string) => void did.push(`${userId} complete`),
    },
    tenants: { for: async (userId: string) => tenantOf(userId) },
    placements: { release: async (userId: string) => void did.push(`${userId} release`) },
    realtime: {},
    removeUser: (userId: string) =>
      failing.includes(userId) ? Promise.reject(new Error('Throttled')) : Promise.resolve(),
    oauth: { revoke: () => Promise.resolve() },
    now: () => now,
  } as unknown as ErasureDeps;
  return Object.fromEntries(await eraseAccounts(deps, { isTimeUp }));
}

describe('an erasure', () => {
  it('destroys the keys before it deletes, and is over once late writers are out of time', async () => {
    expect(await run()).toEqual({ ana: 'erased' });
    expect(did).toEqual(['ana shred', 'ana left', 'ana delete', 'ana release']);
    did = [];
    open = [erasureOf('ana', { requestedAt: minutesAgo(60), left: true })];
    expect(await run()).toEqual({ ana: 'erased' });
    did = [];
    open = [erasureOf('ana', { requestedAt: minutesAgo(60.1), left: true })];
    expect(await run()).toEqual({ ana: 'complete' });
    expect(did).toEqual(['ana shred', 'ana delete all', 'ana release', 'ana complete']);
  });

  it('waits for the host to unlink, and orders it once', async () => {
    link = { state: 'linked', desired: 'on' };
    expect(await run()).toEqual({ ana: 'waiting' });
    orders = ['link.stop'];
    expect(await run()).toEqual({ ana: 'waiting' });
    expect(did).toEqual(['ana stop']);
    link = { state: 'unlinked', desired: 'off' };
    expect(await run()).toEqual({ ana: 'waiting' });
    orders = ['message.send'];
    expect(await run()).toEqual({ ana: 'erased' });
  });

  it('says that it is deleting when its time is up in the middle', async () => {
    let asked = 0;
    expect(await run(() => asked++ > 0)).toEqual({ ana: 'deleting' });
    expect(did).not.toContain('ana release');
  });

  it('of an account that a restore brought back asks nobody, and is over at once', async () => {
    link = { state: 'linked', desired: 'on' };
    open = [erasureOf('ana', { again: true, left: true })];
    expect(await run()).toEqual({ ana: 'complete' });
    expect(did).not.toContain('ana stop');
  });
});

describe('all erasures', () => {
  it('have their turn though one fails, which is told at the end', async () => {
    open = [erasureOf('ana'), erasureOf('bia')];
    failing = ['ana'];
    await expect(run()).rejects.toThrow('Not every erasure got on');
    expect(did).toContain('bia delete');
  });

  it('are cut short when time is up', async () => {
    open = [erasureOf('ana'), erasureOf('bia')];
    expect(await run(() => true)).toEqual({});
    expect(did).toEqual([]);
  });

  it('that wait for more than four hours are told, and those that were late and are over are not', async () => {
    link = { state: 'linked', desired: 'on' };
    open = [erasureOf('ana', { openedAt: minutesAgo(240) })];
    expect(await run()).toEqual({ ana: 'waiting' });
    open = [erasureOf('ana', { openedAt: minutesAgo(240.1) })];
    await expect(run()).rejects.toThrow('Not every erasure got on');
    link = { state: 'unlinked', desired: 'off' };
    open = [erasureOf('ana', { requestedAt: minutesAgo(300), openedAt: minutesAgo(300) })];
    expect(await run()).toEqual({ ana: 'complete' });
  });
});
