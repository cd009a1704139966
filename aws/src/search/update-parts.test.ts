import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText, wordsOf } from '@top-active/core/domain';
import { entriesOf, findInPart, packPart, partOf, unpackPart, type SearchEntry } from './search-part.ts';
import { updateParts, type NamedPart } from './update-parts.ts';

const chats = ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01BX5ZZKBKACTAV9WEVGEMMVRZ'];
const text = fc.oneof(
  fc.constantFrom('', 'Você tem horário?', 'voce TEM hora', '1790000000000', 'a', 'obrigada  pela\natenção', '01ARZ'),
  fc.string({ maxLength: 12 }),
);
const entry = fc.record({
  chatId: fc.constantFrom(...chats),
  id: fc.nat(30).map((n) => `17900000000${String(n).padStart(2, '0')}-ab`),
  text: text.map(foldText),
});
const question = fc.oneof(
  fc.constantFrom('hor', 'VOCÊ', 'tem hor', '179', '01arz', 'ab', 'pela atencao'),
  fc.string({ minLength: 1, maxLength: 5 }),
);

describe('the index', () => {
  it('finds what a look at each message finds, whatever came, changed or went, and however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(entry, { maxLength: 12 }), { maxLength: 25 }),
        question,
        fc.constantFrom(undefined, ...chats),
        (rounds, asked, chatId) => {
          let parts: NamedPart[] = [];
          let names = 0;
          const messages = new Map<string, SearchEntry>();
          for (const told of rounds) {
            const changed = [...new Map(told.map((one) => [one.chatId + one.id, one])).values()];
            for (const one of changed) messages.set(one.chatId + one.id, one);
            ({ parts } = updateParts(parts, { changed, newName: () => `p${++names}` }));
          }
          const words = wordsOf(asked);
          fc.pre(words.length > 0);
          const wanted = [...messages.values()].filter(
            (one) => (chatId === undefined || one.chatId === chatId) && words.every((word) => one.text.includes(word)),
          );
          const within = chatId === undefined ? undefined : new Set([chatId]);
          const found = parts.flatMap(({ part }) => findInPart(part, { words, chats: within }));
          expect(sorted(found)).toEqual(sorted(wanted));
          expect(parts.length).toBeLessThanOrEqual(9);
          for (const { part, count } of parts) expect(entriesOf(part)).toHaveLength(count);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps no word of a message that was deleted', () => {
    const [chatId = ''] = chats;
    const told = { chatId, id: '1790000000000-ab', text: 'segredo' };
    const { parts } = updateParts([], { changed: [told], newName: () => 'a' });
    const gone = updateParts(parts, { changed: [{ ...told, text: '' }], newName: () => 'b' });
    expect(gone).toEqual({ parts: [], written: [] });
  });

  it('writes nothing for what is told as it is known', () => {
    const told = chats.map((chatId) => ({ chatId, id: '1790000000000-ab', text: 'oi' }));
    const { parts } = updateParts([], { changed: told, newName: () => 'a' });
    expect(updateParts(parts, { changed: told, newName: () => 'b' })).toEqual({ parts, written: [] });
  });

  it('is cut into parts that an item can hold, also of texts that can hardly be packed', () => {
    const letters = (n: number) =>
      Array.from({ length: 60_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * n * 7919) % 20_000)));
    const changed = [1, 2, 3, 4, 5].map((n) => ({
      chatId: chats[0] ?? '',
      id: `179000000000${n}-ab`,
      text: letters(n).join(''),
    }));
    const { parts } = updateParts([], { changed, newName: () => String(Math.random()) });
    expect(parts).toHaveLength(5);
    for (const { part } of parts) expect(packPart(part).length).toBeLessThan(300_000);
  });

  it('is packed without loss', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(unpackPart(packPart(partOf(entries)))).toBe(partOf(entries));
      }),
    );
  });
});

function sorted(entries: readonly SearchEntry[]): string[] {
  return entries.map(({ chatId, id }) => `${chatId} ${id}`).toSorted();
}
