import type { MessageKind } from '@top-active/core/contracts';
import { orderOf } from '@top-active/core/domain';
import * as fc from 'fast-check';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { damageRow, readRows } from '../../test-support/rows.ts';
import { incoming, openTenant, outgoing } from '../../test-support/tenants.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { IncomingContent, IncomingMessage } from './incoming-message.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const number = '551187654321@c.us';
const lid = '128849273645182@lid';
const start = 1_790_000_000;
const now = () => (start + 10_000) * 1000;
const at = (seconds: number) => new Date((start + seconds) * 1000).toISOString();
const nameOf = (n: number) => `M${n}`;

/** Of each kind, all that it may be besides its text. */
const contents: [MessageKind, IncomingContent][] = [
  ['text', {}],
  ['location', { place: { latitude: -23.5, longitude: -46.6, name: 'Praça da Sé', address: 'Centro', live: true } }],
  ['contact', { contacts: [{ name: 'Rui', phones: ['+55 11 4000-0000'] }] }],
  [
    'poll',
    {
      poll: {
        question: 'Quando?',
        options: [
          { text: 'Terça', votes: 1 },
          { text: 'Quarta', votes: 0 },
        ],
        multiple: false,
      },
    },
  ],
  ['poll', { poll: { question: 'Onde?', options: [{ text: 'Aqui' }], multiple: true } }],
  ['document', { file: { name: 'exame.pdf', mimeType: 'application/pdf', bytes: 12_345 } }],
  ['voice', { file: { seconds: 7.25 }, viewOnce: true }],
  ['call', { call: { missed: true, video: true } }],
  ['other', { onPhone: { reason: 'unknown_type', type: 'interactive' } }],
];

interface Told {
  /** Under which of the customer's ids it is told. */
  peer: string;
  isOut: boolean;
  what: [MessageKind, IncomingContent];
  reactions: NonNullable<IncomingContent['reactions']>;
  quotes: number | undefined;
  isPlanned: boolean;
}

const reactions: Told['reactions'] = [
  { author: 'customer', senderId: lid, emoji: '👍', at: at(500) },
  { author: 'owner', senderId: '5511900000000@c.us', emoji: '❤️', at: at(501) },
];
const plain: Omit<Told, 'what'> = { peer: number, isOut: false, reactions: [], quotes: undefined, isPlanned: false };

const anyTold: fc.Arbitrary<Told> = fc.record({
  peer: fc.constantFrom(number, lid),
  isOut: fc.boolean(),
  what: fc.constantFrom(...contents),
  reactions: fc.subarray(reactions),
  quotes: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
  isPlanned: fc.boolean(),
});

type Change = { of: number; what: 'react' | 'vote' | 'edit' | 'revoke' | 'tick' | 'tell'; peer: string };
const anyChange: fc.Arbitrary<Change> = fc.record({
  of: fc.nat({ max: 6 }),
  what: fc.constantFrom('react', 'vote', 'edit', 'revoke', 'tick', 'tell'),
  peer: fc.constantFrom(number, lid),
});

/** The nth message as WhatsApp tells it; `isSent`: told once more, after its time has come. */
function messageOf(all: readonly Told[], n: number, isSent = false): IncomingMessage {
  const { isOut, what, reactions, quotes, isPlanned } = all[n]!;
  const quoted = quotes === undefined ? undefined : all[quotes];
  const content: IncomingContent = {
    ...what[1],
    reactions,
    ...(quoted && {
      quoted: {
        stanzaId: nameOf(quotes ?? 0),
        author: quoted.isOut ? 'owner' : 'customer',
        kind: 'text',
        text: 'segredo',
      },
    }),
    ...(isOut && isPlanned && !isSent && { plannedFor: at(900 + n) }),
  };
  const isMoved = isOut && isPlanned && isSent;
  const facts = {
    stanzaId: nameOf(n),
    sentAt: start + n + (isMoved ? 900 : 0),
    kind: what[0],
    text: `Texto ${n}`,
    content,
  };
  return isOut ? outgoing(facts) : incoming(facts);
}

function tell(tenant: Tenant, { message, peer }: { message: IncomingMessage; peer: string }) {
  return tenant.messages.recordMessage({ chat: { waIds: [peer], name: 'Bia', isGroup: false }, message });
}

async function apply(tenant: Tenant, { all, change }: { all: readonly Told[]; change: Change }): Promise<void> {
  const told = all[change.of];
  if (!told) return;
  const chatId = (await tenant.chats.resolvePeer([change.peer])) ?? '';
  const ref = { chatId, stanzaId: nameOf(change.of), direction: told.isOut ? 'out' : 'in' } as const;
  const { messages } = tenant;
  const reaction = { author: 'customer', senderId: lid, emoji: '🙏', at: at(600) } as const;
  const votes = { question: 'Quando?', options: [{ text: 'Terça', votes: 3 }], multiple: false };
  await {
    react: () => messages.react({ ...ref, reaction }),
    vote: () => messages.updatePoll({ ...ref, poll: votes }),
    edit: () => messages.editMessage({ ...ref, text: 'Outro texto' }),
    revoke: () => messages.revokeMessage(ref),
    tick: () => messages.updateDelivery({ ...ref, delivery: 'read' }),
    tell: () => tell(tenant, { message: messageOf(all, change.of, true), peer: change.peer }),
  }[change.what]();
}

/** All that the API shows of the person's chat. Where a quote leads is known only of what was in the same chat then. */
async function shown(tenant: Tenant) {
  const chatId = (await tenant.chats.resolvePeer([number])) ?? (await tenant.chats.resolvePeer([lid])) ?? '';
  const { items } = await tenant.messages.page({ chatId, limit: 100 });
  const { lastMessage } = await tenant.chats.require(chatId);
  // The tails of ids are each user's own.
  const comparable = items.map(({ chatId: _home, id, quoted, ...message }) => ({
    order: orderOf(id),
    ...message,
    ...(quoted && { quoted: { ...quoted, messageId: undefined } }),
  }));
  return { items: comparable, lastMessage: lastMessage && { ...lastMessage, id: orderOf(lastMessage.id) } };
}

describe('the content of what stands in two chats', () => {
  it('is gone with the account, also of rows that can no longer be read', async () => {
    const tenant = openTenant(db, { now });
    const all: Told[] = contents.map((what) => ({ ...plain, what, reactions, quotes: 0 }));
    for (const n of all.keys()) await tell(tenant, { message: messageOf(all, n), peer: n % 2 === 0 ? number : lid });
    await tenant.chats.upsertContact({ waIds: [number, lid], name: 'Bia', isGroup: false });
    const row = (await readRows(db, tenant.userId)).find(({ sk }) => sk.startsWith('MSG#'));
    await damageRow(tenant, { sk: row?.sk ?? '', change: { text: 5, id: 'nothing' } });
    expect(await tenant.erasure.deleteItems({ last: true, isTimeUp: () => false })).toBe(true);
    expect(await readRows(db, tenant.userId)).toEqual([]);
    await tenant.secrets.shred();
    expect(await tenant.erasure.isEmpty()).toBe(true);
  });

  it('is the same after they are merged, and changes the same, as if it had been one chat all the time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTold, { minLength: 2, maxLength: 7 }),
        fc.array(anyChange, { maxLength: 8 }),
        async (all, changes) => {
          const [apart, one] = [openTenant(db, { now }), openTenant(db, { now })];
          await one.chats.upsertContact({ waIds: [number, lid], name: 'Bia', isGroup: false });
          for (const tenant of [apart, one])
            for (const [n, { peer }] of all.entries()) await tell(tenant, { message: messageOf(all, n), peer });
          await apart.chats.upsertContact({ waIds: [number, lid], name: 'Bia', isGroup: false });
          expect(await shown(apart)).toEqual(await shown(one));
          for (const tenant of [apart, one]) for (const change of changes) await apply(tenant, { all, change });
          expect(await shown(apart)).toEqual(await shown(one));
          const deleted = changes.filter(({ what, of }) => what === 'revoke' && all[of]).map(({ of }) => of);
          const rows = JSON.stringify(await apart.items.query({ prefix: 'MSG#' }, z.unknown()));
          for (const n of deleted) expect(rows).not.toContain(`"Texto ${n}"`);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('is given back to each when they are taken apart', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTold, { minLength: 2, maxLength: 7 }), async (all) => {
        fc.pre(new Set(all.map(({ peer }) => peer)).size === 2);
        const tenant = openTenant(db, { now });
        for (const [n, { peer }] of all.entries()) await tell(tenant, { message: messageOf(all, n), peer });
        const ids = await Promise.all(
          [number, lid].map(async (peer) => (await tenant.chats.resolvePeer([peer])) ?? ''),
        );
        const look = () =>
          Promise.all(
            ids.map(async (id) => {
              const { lastMessage, lastInboundId, lastOutboundId, updatedAt } = await tenant.chats.require(id);
              const { items } = await tenant.messages.page({ chatId: id, limit: 100 });
              // Where nothing was said yet, nobody sees when that was.
              return { items, lastMessage, lastInboundId, lastOutboundId, updatedAt: lastMessage && updatedAt };
            }),
          );
        const before = await look();
        const whole = await tenant.chats.merge([ids[0]!, ids[1]!]);
        await tenant.chats.unmerge(
          whole.id,
          ids.find((id) => id !== whole.id)!,
        );
        expect(await look()).toEqual(before);
      }),
      { numRuns: 12 },
    );
  });

  it('is healed where its row was damaged, under whichever id it is told again', async () => {
    for (const peer of [number, lid]) {
      const all: Told[] = contents.map((what, n) => ({ ...plain, what, peer: n % 2 === 0 ? number : lid }));
      const tenant = openTenant(db, { now });
      for (const [n, one] of all.entries()) await tell(tenant, { message: messageOf(all, n), peer: one.peer });
      await tenant.chats.upsertContact({ waIds: [number, lid], name: 'Bia', isGroup: false });
      const whole = await shown(tenant);
      for (const { sk } of (await readRows(db, tenant.userId)).filter((row) => row.sk.startsWith('MSG#')))
        await damageRow(tenant, { sk, change: { text: 5, kind: 'strange', place: 'x', poll: 1 } });
      expect((await shown(tenant)).items.map(({ onPhone }) => onPhone?.reason)).toEqual(all.map(() => 'damaged'));
      for (const n of all.keys()) await tell(tenant, { message: messageOf(all, n), peer });
      expect((await shown(tenant)).items).toEqual(whole.items);
    }
  });
});
