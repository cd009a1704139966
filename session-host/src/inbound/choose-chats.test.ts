import type { ChatRecord } from '@top-active/aws';
import { describe, expect, it } from 'vitest';
import type { EngineChat } from '../engine/engine.ts';
import { createBehindChats } from './behind-chats.ts';
import { chooseChats, type Wanted } from './choose-chats.ts';

const now = Date.parse('2030-01-10T12:00:00.000Z');
const second = now / 1000;
const caughtUpAt = new Date('2030-01-10T11:00:00.000Z');
const long = 30 * 24 * 3_600;

function chatOf(peer: string, secondsAgo: number): EngineChat {
  return { peer, unread: 0, lastMessageAt: second - secondsAgo };
}

/** Stored as WhatsApp has it, with a last word of the customer's. */
function recordOf({ peer, lastMessageAt }: EngineChat, changes: Partial<ChatRecord> = {}): ChatRecord {
  const lastOrder = `${lastMessageAt}000`;
  return {
    id: '01J00000000000000000000000',
    name: 'Ana',
    isGroup: false,
    unread: 0,
    assistantMode: 'off',
    updatedAt: new Date(lastMessageAt * 1000).toISOString(),
    waIds: [peer],
    primaryWaId: peer,
    lastOrder,
    lastMessage: lastWord({ author: 'customer', secondsAgo: second - lastMessageAt }),
    ...changes,
  };
}

function lastWord({
  author,
  secondsAgo,
  delivery = 'read',
}: {
  author: 'customer' | 'owner';
  secondsAgo: number;
  delivery?: 'read' | 'failed';
}): NonNullable<ChatRecord['lastMessage']> {
  const sentAt = new Date((second - secondsAgo) * 1000).toISOString();
  return { id: `${second - secondsAgo}000-3A`, author, kind: 'text', text: 'Oi', sentAt, delivery };
}

function chosen(chats: EngineChat[], records: ChatRecord[] = [], wanted: Partial<Wanted> = {}): string[] {
  const known = (peer: string) => records.find(({ waIds }) => waIds.includes(peer));
  const all = { caughtUpAt, history: false, behind: createBehindChats(), ...wanted };
  return chooseChats(chats, { wanted: all, known, now }).map(({ peer }) => peer);
}

describe('chats of which something may be missing', () => {
  it('are those with a message of the 17 minutes before the gap or since, the newest first', () => {
    const edge = 3_600 + 17 * 60;
    const chats = [chatOf('edge', edge), chatOf('older', edge + 1), chatOf('new', 10)];
    expect(
      chosen(
        chats,
        chats.map((chat) => recordOf(chat)),
      ),
    ).toEqual(['new', 'edge']);
  });

  it('are at the first link the two hundred newest that have a message', () => {
    const chats = Array.from({ length: 203 }, (_, place) => chatOf(`${place}`, long + place));
    const empty = { ...chatOf('empty', 0), lastMessageAt: 0 };
    const found = chosen([empty, ...chats.toReversed()], [], { caughtUpAt: undefined, history: true });
    expect([found.length, found[0], found.at(-1)]).toEqual([200, '0', '199']);
  });

  const old = chatOf('old', long);

  it('are those of which WhatsApp has more than is stored, however long ago it came', () => {
    expect(chosen([old], [recordOf(old)])).toEqual([]);
    expect(chosen([old], [recordOf(old, { lastOrder: `${old.lastMessageAt - 1}999` })])).toEqual(['old']);
    // Of one that was never met nothing is wanted.
    expect(chosen([old], [])).toEqual([]);
  });

  it('are those whose last word is the owner’s, for a day', () => {
    const withLast = (secondsAgo: number, delivery?: 'failed') =>
      chosen(
        [old],
        [recordOf(old, { lastMessage: lastWord({ author: 'owner', secondsAgo, ...(delivery && { delivery }) }) })],
      );
    expect(withLast(86_399)).toEqual(['old']);
    expect(withLast(86_400)).toEqual([]);
    expect(withLast(60, 'failed')).toEqual([]);
  });

  it('are those that were behind before, or whose history is missing', () => {
    const behind = createBehindChats();
    behind.add('old', undefined);
    expect(chosen([old], [recordOf(old)], { behind })).toEqual(['old']);
    expect(chosen([old], [recordOf(old, { historyMissing: true })])).toEqual(['old']);
  });
});
