import { entriesOf, partOf, type PartText, type SearchEntry } from './search-part.ts';

/** A part of the index with its name. */
export interface NamedPart {
  name: string;
  part: PartText;
  /** How many messages. */
  count: number;
}

export interface PartChanges {
  /** All there are now. */
  parts: NamedPart[];
  /** Those of them that were made or changed. */
  written: NamedPart[];
}

/** Letters of one part. DynamoDB takes 400 KB: texts that can hardly be packed have three bytes a letter. */
const fullLength = 100_000;
const smallParts = 8;

/**
 * The index after messages were stored, changed or deleted. What is new makes a part of its own; many small ones are
 * joined, so that a message is written again a few times in all, however long the history becomes. Old words of a
 * changed or deleted message go from the part that has them.
 * @param changed each message once, as it is now
 */
export function updateParts(
  parts: readonly NamedPart[],
  { changed, newName }: { changed: readonly SearchEntry[]; newName: () => string },
): PartChanges {
  const now = new Map(changed.map((entry) => [keyOf(entry), entry]));
  const kept = parts.map((one) => withoutOldWords(one, now));
  const added = [...now.values()].filter(({ text }) => text !== '');
  const all = [...kept, ...inParts(added, newName)];
  const next = joined(all, newName).filter(({ count }) => count > 0);
  const before = new Map(parts.map((one) => [one.name, one.part]));
  return { parts: next, written: next.filter(({ name, part }) => before.get(name) !== part) };
}

/** Cut so that each fits into an item. */
export function inParts(entries: readonly SearchEntry[], newName: () => string): NamedPart[] {
  const cut: SearchEntry[][] = [];
  let letters = 0;
  for (const entry of entries) {
    const last = cut.at(-1);
    if (!last || letters + entry.text.length > fullLength) {
      cut.push([entry]);
      letters = 0;
    } else last.push(entry);
    letters += entry.text.length;
  }
  return cut.map((some) => ({ name: newName(), part: partOf(some), count: some.length }));
}

/** Takes a message that is told unchanged from what is to be added; it stays where it is. */
function withoutOldWords(one: NamedPart, now: Map<string, SearchEntry>): NamedPart {
  const entries = entriesOf(one.part);
  const left = entries.filter((entry) => {
    const current = now.get(keyOf(entry));
    if (current?.text !== entry.text) return current === undefined;
    now.delete(keyOf(entry));
    return true;
  });
  return left.length === entries.length ? one : { ...one, part: partOf(left), count: left.length };
}

function joined(parts: readonly NamedPart[], newName: () => string): NamedPart[] {
  const isSmall = ({ part }: NamedPart) => part.length < fullLength / 2;
  const small = parts.filter(isSmall);
  if (small.length <= smallParts) return [...parts];
  return [
    ...parts.filter((one) => !isSmall(one)),
    ...inParts(
      small.flatMap(({ part }) => entriesOf(part)),
      newName,
    ),
  ];
}

function keyOf({ chatId, id }: SearchEntry): string {
  return `${chatId} ${id}`;
}
