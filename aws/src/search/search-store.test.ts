import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { readRows } from '../../test-support/rows.ts';
import { customer, incoming, openTenant } from '../../test-support/tenants.ts';
import { keys } from '../items/keys.ts';
import { contact, lid, number, start } from '../stores/merge-fixture.ts';
import type { Tenant } from '../tenants/tenant.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const other = customer('5521999990000@c.us', 'Caio');

async function tell(tenant: Tenant, texts: readonly string[], chat: ReturnType<typeof customer> = customer()) {
  const told = [];
  for (const [i, text] of texts.entries())
    told.push(await tenant.messages.recordMessage({ chat, message: incoming({ sentAt: start + i, text }) }));
  return { chatId: told[0]?.chatId ?? '', ids: told.map(({ messageId }) => messageId) };
}

async function textsOf(tenant: Tenant, text: string, more: { chatId?: string } = {}): Promise<string[]> {
  return (await tenant.search.find({ text, limit: 50, ...more })).items.map((message) => message.text);
}

describe('a search', () => {
  it('finds parts of words without regard to case and accents, newest first, in one chat or all', async () => {
    const tenant = openTenant(db);
    const { chatId } = await tell(tenant, ['Você tem horário?', 'Amanhã às 9h', 'voce TEM HORA']);
    await tell(tenant, ['Tem HORÁRIO hoje?'], other);
    for (const isIndexed of [false, true]) {
      const indexing = openTenant(db, { userId: tenant.userId, now: later }).search;
      expect(isIndexed && (await indexing.index())).toBe(isIndexed);
      expect(await textsOf(tenant, 'HORARIO')).toEqual(
        expect.arrayContaining(['Você tem horário?', 'Tem HORÁRIO hoje?']),
      );
      expect(await textsOf(tenant, 'tem hor', { chatId })).toEqual(['voce TEM HORA', 'Você tem horário?']);
      expect(await textsOf(tenant, 'amanha 9h')).toEqual(['Amanhã às 9h']);
      expect(await textsOf(tenant, 'amanha 10h')).toEqual([]);
    }
    for (const text of ['', '  ', '\u0301'])
      await expect(textsOf(tenant, text)).rejects.toMatchObject({ code: 'invalid_request' });
    const missing = { chatId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
    await expect(textsOf(tenant, 'oi', missing)).rejects.toMatchObject({ code: 'chat_not_found' });
  });

  it('finds no more what was changed or deleted, and the index forgets it too', async () => {
    const tenant = openTenant(db);
    const message = incoming({ text: 'minha senha é 1234' });
    const edited = incoming({ text: 'primeiro' });
    for (const one of [message, edited]) await tenant.messages.recordMessage({ chat: customer(), message: one });
    const chatId = (await tenant.chats.resolvePeer(customer().waIds)) ?? '';
    const indexing = openTenant(db, { userId: tenant.userId, now: later });
    expect(await indexing.search.index()).toBe(true);
    const refOf = ({ stanzaId }: { stanzaId: string }) => ({ chatId, stanzaId, direction: 'in' }) as const;
    await tenant.messages.revokeMessage(refOf(message));
    await tenant.messages.editMessage({ ...refOf(edited), text: 'segundo' });
    expect(await textsOf(tenant, 'senha')).toEqual([]);
    expect(await textsOf(tenant, 'primeiro')).toEqual([]);
    expect(await textsOf(tenant, 'segundo')).toEqual(['segundo']);
    const muchLater = openTenant(db, { userId: tenant.userId, now: () => later() + 2 * day });
    expect(await muchLater.search.index()).toBe(true);
    const parts = (await readRows(db, tenant.userId)).filter(({ sk }) => sk.startsWith('SEARCHPART#'));
    expect(parts).toHaveLength(1);
    expect(await textsOf(tenant, 'segundo')).toEqual(['segundo']);
  });

  it('goes over merged chats as one, whose parts say where they are shown', async () => {
    const tenant = openTenant(db);
    await tell(tenant, ['pelo número'], contact([number]) as ReturnType<typeof customer>);
    await tell(tenant, ['pela conta oculta'], contact([lid]) as ReturnType<typeof customer>);
    await tenant.chats.upsertContact(contact([lid, number]));
    const chatId = (await tenant.chats.resolvePeer([lid])) ?? '';
    for (const isIndexed of [false, true]) {
      if (isIndexed) await openTenant(db, { userId: tenant.userId, now: later }).search.index();
      const { items } = await tenant.search.find({ text: 'pel', chatId, limit: 10 });
      expect(items.map((message) => message.chatId)).toEqual([chatId, chatId]);
    }
  });

  it('is read page by page', async () => {
    const tenant = openTenant(db);
    const { ids } = await tell(
      tenant,
      Array.from({ length: 7 }, (_, i) => `consulta ${i}`),
    );
    const found: string[] = [];
    for (let before: string | undefined; ;) {
      const page = await tenant.search.find({ text: 'consulta', before, limit: 3 });
      found.push(...page.items.map(({ id }) => id));
      before = page.next;
      if (before === undefined) break;
    }
    expect(found).toEqual(ids.toReversed());
  });

  it('finds everything where the log of events doesn’t reach back', async () => {
    const tenant = openTenant(db);
    await tell(tenant, ['antes', 'depois']);
    await tenant.items.write({ kind: 'delete', sk: keys.event(1) });
    expect(await textsOf(tenant, 'antes')).toEqual(['antes']);
    // It was written down at once: the next one needs no rebuilding.
    expect((await readRows(db, tenant.userId)).map(({ sk }) => sk)).toContain('SEARCH');
  });

  it('has its index written by two at once, and one of them counts', async () => {
    const tenant = openTenant(db);
    await tell(tenant, ['um', 'dois', 'três']);
    const both = [1, 2].map(() => openTenant(db, { userId: tenant.userId, now: later }).search.index());
    expect((await Promise.all(both)).filter(Boolean)).toEqual([true]);
    expect((await readRows(db, tenant.userId)).filter(({ sk }) => sk.startsWith('SEARCHPART#'))).toHaveLength(1);
    expect(await textsOf(tenant, 'tres')).toEqual(['três']);
  });

  it('leaves a little that is new to the searches, for a day', async () => {
    let time = Date.UTC(2026, 11, 1);
    const tenant = openTenant(db, { now: () => time });
    await tell(tenant, ['um']);
    expect([await tenant.search.index(), await tenant.search.index()]).toEqual([true, false]);
    await tell(tenant, ['dois']);
    expect(await tenant.search.index()).toBe(false);
    expect(await textsOf(tenant, 'dois')).toEqual(['dois']);
    time += day + 1;
    expect([await tenant.search.index(), await tenant.search.index()]).toEqual([true, false]);
  });
});

const day = 24 * 3_600_000;
const later = () => Date.now() + 2 * day;
