import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyPeer, type MetChat } from './identify-peer.ts';
import { canonicalWaId, isHiddenId } from './wa-id.ts';

const number = '551187654321@c.us';
const other = '552187654321@c.us';
const lid = '111@lid';
const otherLid = '222@lid';

describe('identifyPeer', () => {
  it('knows nobody at first', () => {
    expect(identify([number, lid])).toEqual({ home: undefined, same: [], joins: [number, lid], leaves: [] });
  });

  it('joins a hidden id that is learned later', () => {
    expect(identify([lid, number], chat('A', [number]))).toMatchObject({ home: 'A', same: [], joins: [lid] });
  });

  it('finds that two chats are one person, and keeps the older', () => {
    const chats = [chat('B', [number]), chat('A', [lid])] as const;
    expect(identify([number, lid], ...chats)).toEqual({ home: 'A', same: ['B'], joins: [], leaves: [] });
  });

  it('lets a number change hands, since two hidden ids are two people', () => {
    const before = chat('A', [number, lid]);
    const change = { joins: [number, otherLid], leaves: [{ waId: number, chatId: 'A' }], same: [] };
    expect(identify([number, otherLid], before)).toMatchObject({ ...change, home: undefined });
    const known = chat('B', [otherLid]);
    expect(identify([number, otherLid], before, known)).toMatchObject({ ...change, joins: [number], home: 'B' });
  });

  it('lets one person have a new number', () => {
    expect(identify([lid, other], chat('A', [number, lid]))).toMatchObject({ home: 'A', joins: [other], leaves: [] });
  });

  it.each([
    ['A', 'B'],
    ['B', 'A'],
  ])('leaves apart what the owner took apart: %s from %s', (from, to) => {
    const chats = [chat('A', [number]), chat('B', [lid])].map((one) =>
      one.id === from ? { ...one, apartFrom: [to] } : one,
    );
    expect(identify([number, lid], ...chats)).toEqual({ home: 'A', same: [], joins: [], leaves: [] });
    expect(identify([lid, number], ...chats)).toEqual({ home: 'B', same: [], joins: [], leaves: [] });
    const swallowed = chats.map((one) => (one.id === to ? { ...one, id: `0${to}`, merged: [to] } : one));
    expect(identify([number, lid], ...swallowed).same).toEqual([]);
  });
});

/** A person of the model: a hidden id, and a number that WhatsApp writes with and without its ninth digit. */
interface Person {
  waIds: { lid: string; with: string; without: string };
}

const people: Person[] = Array.from({ length: 4 }, (_, n) => ({
  waIds: { lid: `90${n}@lid`, with: `55119870000${n}0@c.us`, without: `5511870000${n}0@c.us` },
}));

const tellings = fc.array(
  fc.record({
    person: fc.nat({ max: people.length - 1 }),
    ids: fc.uniqueArray(fc.constantFrom('lid', 'with', 'without'), { minLength: 1 }),
  }),
  { maxLength: 40 },
);

describe('identifyPeer, whatever is told in whatever order', () => {
  it('never mixes two people, and has one chat per person once number and hidden id were told together', () => {
    fc.assert(
      fc.property(tellings, (told) => {
        const store = modelStore();
        for (const { person, ids } of told) store.tell(idsOf(person, ids));
        for (const { waIds } of store.chats()) expect(new Set(waIds.map(ownerOf)).size).toBe(1);
        for (const person of people.keys()) store.tell(idsOf(person, ['with', 'lid']));
        expect(store.chats()).toHaveLength(people.length);
      }),
    );
  });

  it('is settled after one telling: told again, in whatever order, nothing changes and the chat is the same', () => {
    fc.assert(
      fc.property(tellings, fc.nat({ max: 3 }), (told, person) => {
        const store = modelStore();
        for (const one of told) store.tell(idsOf(one.person, one.ids));
        const home = store.tell(idsOf(person, ['lid', 'with']));
        for (const ids of [['with', 'lid'], ['without'], ['lid'], ['lid', 'without']] as const)
          expect(store.identify(idsOf(person, ids))).toEqual({ home, same: [], joins: [], leaves: [] });
      }),
    );
  });

  it('follows numbers that change hands: a chat never has two hidden ids, and a number is with the last who was told with it', () => {
    const pair = fc.record({ lid: fc.nat({ max: 3 }), number: fc.nat({ max: 3 }), lidFirst: fc.boolean() });
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 40 }), (pairs) => {
        const store = modelStore();
        const last = new Map<string, string>();
        for (const pair of pairs) {
          const ids = [`90${pair.lid}@lid`, `5511870000${pair.number}0@c.us`] as const;
          const home = store.tell(pair.lidFirst ? ids : ids.toReversed());
          last.set(ids[1], ids[0]);
          expect(store.chatOf(ids[0])).toBe(home);
        }
        for (const { waIds } of store.chats()) expect(waIds.filter(isHiddenId)).toHaveLength(1);
        for (const [waId, hidden] of last) expect(store.chatOf(waId)).toBe(store.chatOf(hidden));
      }),
    );
  });
});

describe('canonicalWaId', () => {
  const area = fc.integer({ min: 11, max: 99 }).filter((n) => n % 10 !== 0);
  const subscriber = fc.integer({ min: 20_000_000, max: 99_999_999 });

  it('is the same with and without the ninth digit for mobile numbers, and for no others', () => {
    fc.assert(
      fc.property(area, subscriber, (code, digits) => {
        const mobile = digits >= 60_000_000;
        const same = canonicalWaId(`55${code}9${digits}@c.us`) === canonicalWaId(`55${code}${digits}@c.us`);
        expect(same).toBe(mobile);
      }),
    );
  });

  it('is a spelling of its own: once more changes nothing, and it never makes two people one', () => {
    const id = fc.tuple(fc.stringMatching(/^\d{8,15}$/), fc.constantFrom('c.us', 'lid', 'g.us', 's.whatsapp.net'));
    fc.assert(
      fc.property(id, id, ([a, aServer], [b, bServer]) => {
        const [one, two] = [canonicalWaId(`${a}@${aServer}`), canonicalWaId(`${b}@${bServer}`)];
        expect(canonicalWaId(one)).toBe(one);
        const kindOf = (server: string) => (server === 's.whatsapp.net' ? 'c.us' : server);
        const mayBeSame = kindOf(aServer) === kindOf(bServer) && a.slice(-8) === b.slice(-8);
        expect(one === two && !mayBeSame).toBe(false);
      }),
    );
  });
});

function identify(told: readonly string[], ...chats: readonly MetChat[]) {
  return identifyPeer(told, new Map(chats.flatMap((one) => one.waIds.map((waId) => [waId, one]))));
}

function chat(id: string, waIds: string[]): MetChat {
  return { id, waIds, merged: [], apartFrom: [] };
}

function idsOf(person: number, ids: readonly ('lid' | 'with' | 'without')[]): string[] {
  return ids.map((id) => people[person]!.waIds[id]);
}

function ownerOf(waId: string): number {
  return people.findIndex(({ waIds }) => Object.values(waIds).map(canonicalWaId).includes(waId));
}

/** The least that follows from what the rule says. */
function modelStore() {
  const chats = new Map<string, MetChat>();
  let made = 0;
  const leads = () => new Map([...chats.values()].flatMap((one) => one.waIds.map((waId) => [waId, one] as const)));
  const told = (waIds: readonly string[]) => [...new Set(waIds.map(canonicalWaId))];
  const chatOf = (waId: string) => leads().get(canonicalWaId(waId))?.id;

  return {
    chats: () => [...chats.values()],
    chatOf,
    identify: (waIds: readonly string[]) => identifyPeer(told(waIds), leads()),
    tell(waIds: readonly string[]): string {
      const {
        home = `chat-${String(made++).padStart(3, '0')}`,
        same,
        joins,
        leaves,
      } = identifyPeer(told(waIds), leads());
      for (const { waId, chatId } of leaves) {
        const left = chats.get(chatId)!;
        chats.set(chatId, { ...left, waIds: left.waIds.filter((id) => id !== waId) });
      }
      const gathered = [home, ...same].flatMap((id) => chats.get(id)?.waIds ?? []);
      for (const id of same) chats.delete(id);
      chats.set(home, chat(home, [...gathered, ...joins]));
      return home;
    },
  };
}
