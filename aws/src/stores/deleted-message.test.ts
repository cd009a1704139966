import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { openRows } from '../../test-support/rows.ts';
import { customer, incoming, openTenant, outgoing } from '../../test-support/tenants.ts';
import type { Tenant } from '../tenants/tenant.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const second = 1_790_000_000;
const secret = 'minha senha é 1234';
const original = incoming({
  stanzaId: 'FIRST',
  sentAt: second,
  text: secret,
  content: {
    file: { name: `${secret}.txt` },
    reactions: [{ author: 'owner', senderId: 'x', emoji: '😮', at: new Date(second * 1000).toISOString() }],
  },
});
const tombstone = incoming({ stanzaId: 'SECOND', sentAt: second, kind: 'revoked', text: '', replaces: 'FIRST' });

async function record(tenant: Tenant, ...messages: (typeof original)[]) {
  for (const message of messages) await tenant.messages.recordMessage({ chat: customer(), message });
  return (await tenant.chats.resolvePeer(customer().waIds)) ?? '';
}

/** Everything that is stored of this user. */
async function stored(tenant: Tenant): Promise<string> {
  return JSON.stringify(await openRows(db, tenant));
}

function quoting(stanzaId: string) {
  const quoted = { stanzaId: 'FIRST', author: 'customer', kind: 'text', text: secret } as const;
  return outgoing({ stanzaId, sentAt: second + 5, text: 'Cuidado', content: { quoted } });
}

describe('a deleted message', () => {
  it.each([
    ['live', 'live'],
    ['live, then told under its new name', 'live-then-new'],
    ['under its new name alone', 'new'],
    ['under its new name, then told again under the first', 'new-then-first'],
  ])('is one, without its words anywhere: %s', async (_, how) => {
    const tenant = openTenant(db);
    const chatId = await record(tenant, original, quoting('ANSWER'));
    if (how.startsWith('live')) await tenant.messages.revokeMessage({ chatId, stanzaId: 'FIRST', direction: 'in' });
    if (how !== 'live') await record(tenant, tombstone);
    if (how === 'new-then-first') await record(tenant, original);
    const { items } = await tenant.messages.page({ chatId, limit: 10 });
    expect(items).toMatchObject([
      { stanzaId: 'FIRST', kind: 'revoked', text: '' },
      { text: 'Cuidado', quoted: { kind: 'revoked', text: '' } },
    ]);
    expect(await stored(tenant)).not.toContain('1234');
    expect(await stored(tenant)).not.toContain('😮');
    expect(await tenant.messages.findTold({ chatId, messages: [tombstone] })).toMatchObject([{ hasNews: false }]);
  });

  it('loses its words in the list of chats', async () => {
    const tenant = openTenant(db);
    await record(tenant, original, tombstone);
    expect(await stored(tenant)).not.toContain('1234');
    expect((await tenant.chats.page({ limit: 1 })).items[0]).toMatchObject({
      unread: 1,
      lastMessage: { kind: 'revoked' },
    });
  });

  it('loses its words also where it claims to quote itself', async () => {
    const tenant = openTenant(db);
    const quoted = { stanzaId: 'FIRST', author: 'customer', kind: 'text', text: secret } as const;
    const chatId = await record(tenant, { ...original, content: { quoted } });
    const revoked = await tenant.messages.revokeMessage({ chatId, stanzaId: 'FIRST', direction: 'in' });
    expect(revoked).toMatchObject({ changed: true });
    expect(await stored(tenant)).not.toContain('1234');
  });

  it('is known under its first name where only the deletion was told', async () => {
    const tenant = openTenant(db);
    const chatId = await record(tenant, tombstone, original, quoting('ANSWER'));
    const { items } = await tenant.messages.page({ chatId, limit: 10 });
    expect(items).toMatchObject([{ kind: 'revoked' }, { quoted: { kind: 'revoked', text: '' } }]);
    expect(await stored(tenant)).not.toContain('1234');
  });

  it('becomes one where both were stored', async () => {
    const tenant = openTenant(db);
    const { replaces: _, ...phantom } = tombstone;
    const chatId = await record(tenant, original, phantom);
    expect((await tenant.messages.page({ chatId, limit: 10 })).items).toHaveLength(2);
    expect(await tenant.messages.findTold({ chatId, messages: [tombstone] })).toMatchObject([{ hasNews: true }]);
    await record(tenant, tombstone);
    expect((await tenant.messages.page({ chatId, limit: 10 })).items).toMatchObject([
      { stanzaId: 'FIRST', kind: 'revoked', text: '' },
    ]);
  });

  it('loses its words in as many quotes as there are', { timeout: 30_000 }, async () => {
    const tenant = openTenant(db);
    const quotes = Array.from({ length: 45 }, (_, i) => quoting(`Q${i}`));
    const chatId = await record(tenant, original, ...quotes);
    await tenant.messages.revokeMessage({ chatId, stanzaId: 'FIRST', direction: 'in' });
    expect(await stored(tenant)).not.toContain('1234');
  });
});
