import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { ChatId, MessageId } from '@top-active/core/contracts';

/** Where a message is stored, and its folded text. An empty text: there is nothing to find in it any more. */
export interface SearchEntry {
  chatId: ChatId;
  id: MessageId;
  text: string;
}

/**
 * A part of the index in clear: a line for each message, `<chat id> <message id> <folded text>`. Ids have no spaces,
 * folded texts no line breaks.
 */
export type PartText = string;

export function partOf(entries: readonly SearchEntry[]): PartText {
  return entries.map(({ chatId, id, text }) => `${chatId} ${id} ${text}\n`).join('');
}

export function entriesOf(part: PartText): SearchEntry[] {
  return part
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [chatId = '', id = ''] = line.split(' ', 2);
      return { chatId, id, text: line.slice(chatId.length + id.length + 2) };
    });
}

export function packPart(part: PartText): string {
  return zstdCompressSync(Buffer.from(part)).toString('base64');
}

export function unpackPart(packed: string): PartText {
  return zstdDecompressSync(Buffer.from(packed, 'base64')).toString('utf8');
}

/**
 * Messages whose text has all words, in the order of the part.
 * @param words folded, at least one
 * @param chats only of these, when given
 */
export function findInPart(
  part: PartText,
  { words, chats }: { words: readonly string[]; chats?: ReadonlySet<ChatId> | undefined },
): SearchEntry[] {
  const found: SearchEntry[] = [];
  // The rest of a text is looked at only where its longest word stands, which is where the fewest others do.
  const [longest = '', ...others] = words.toSorted((a, b) => b.length - a.length);
  for (let at = part.indexOf(longest); at !== -1;) {
    const start = part.lastIndexOf('\n', at) + 1;
    const end = part.indexOf('\n', at);
    const afterChat = part.indexOf(' ', start);
    const afterId = part.indexOf(' ', afterChat + 1);
    const chatId = part.slice(start, afterChat);
    const text = part.slice(afterId + 1, end);
    const isThere = at > afterId || text.includes(longest);
    if (isThere && (!chats || chats.has(chatId)) && others.every((word) => text.includes(word)))
      found.push({ chatId, id: part.slice(afterChat + 1, afterId), text });
    at = part.indexOf(longest, end);
  }
  return found;
}
