import type { ChatRecord, Log, Tenant } from '@top-active/aws';
import { expect, it } from 'vitest';
import { readKnownChats } from './known-chats.ts';

const chatOf = (id: string, ...waIds: string[]) => ({ id, waIds }) as unknown as ChatRecord;

/** Chats that the store gives page by page, and what it was asked for. */
function storeOf(...pages: ChatRecord[][]) {
  const cursors: (string | undefined)[] = [];
  const merged: unknown[] = [];
  const logged: unknown[] = [];
  const chats = {
    async page({ cursor }: { cursor?: string }) {
      cursors.push(cursor);
      const place = Number(cursor ?? 0);
      return { items: pages[place] ?? [], next: place + 1 < pages.length ? String(place + 1) : undefined };
    },
    async merge([one, other]: [string, string]) {
      merged.push([one, other]);
      return chatOf(one, ...pages.flat().flatMap(({ id, waIds }) => (id === one || id === other ? waIds : [])));
    },
  };
  const note = (message: string, fields?: object) => void logged.push([message, fields]);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  return { known: readKnownChats({ chats } as unknown as Tenant, log), cursors, merged, logged };
}

it('finds each chat of all pages under each of its ids, however WhatsApp spells them', async () => {
  const ana = chatOf('A', '551188887777@c.us', '998@lid');
  const bia = chatOf('B', '551177776666@c.us');
  const { known, cursors, merged, logged } = storeOf([ana], [bia]);
  const find = await known;
  expect([find('5511988887777@c.us'), find('998@lid'), find('551177776666@c.us')]).toEqual([ana, ana, bia]);
  expect(find('551166665555@c.us')).toBeUndefined();
  expect(cursors).toEqual([undefined, '1']);
  expect([merged, logged]).toEqual([[], []]);
});

it('makes one chat of two that have an id in common', async () => {
  const { known, merged, logged } = storeOf([chatOf('A', '998@lid')], [chatOf('B', '998@lid', '551177776666@c.us')]);
  const find = await known;
  expect(merged).toEqual([['A', 'B']]);
  expect([find('998@lid')?.id, find('551177776666@c.us')?.id]).toEqual(['A', 'A']);
  expect(logged).toEqual([['Chats under the same id were looked at', { pairs: 1 }]]);
});
