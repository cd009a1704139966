import type { Message, MessagesResponse, Outgoing } from '@top-active/core/contracts';
import type { Api } from '../api/api.ts';
import { cursorBefore, mergeMessages, mergeNewestPage, openDrafts, spanOf, type Draft } from './thread-merge.ts';

export interface Thread {
  chatId: string;
  /** Ascending by id, without holes between the oldest and the newest. */
  messages: Message[];
  outgoing: Outgoing[];
  drafts: Draft[];
  /** Cursor of the next older page; absent when the beginning is reached. */
  before?: string | undefined;
  loaded: boolean;
}

const pageSize = 50;
/** Pages read in one go while catching up; more than this and the thread starts over from the newest page. */
const maxPages = 6;

export function emptyThread(chatId: string): Thread {
  return { chatId, messages: [], outgoing: [], drafts: [], before: undefined, loaded: false };
}

export async function readNewest(api: Api, thread: Thread): Promise<void> {
  const page = await api.chats.messages(thread.chatId, { limit: pageSize });
  const { messages, kept } = mergeNewestPage(thread.messages, page);
  if (!kept) thread.before = page.before;
  take(thread, messages, page);
  thread.loaded = true;
}

export async function readOlder(api: Api, thread: Thread): Promise<void> {
  const { before } = thread;
  if (before === undefined) return;
  const page = await api.chats.messages(thread.chatId, { before, limit: pageSize });
  thread.before = page.before;
  take(thread, mergeMessages(thread.messages, page.items, spanOf({ before }, page)), page);
}

/** Reads everything that is loaded once more: nobody can tell what has changed in it. */
export async function readAgain(api: Api, thread: Thread): Promise<void> {
  const oldest = thread.messages[0]?.id;
  if (oldest === undefined) return readNewest(api, thread);
  await readRange(api, thread, cursorBefore(oldest), undefined);
}

/**
 * Reads just what the touched ids need: the part of the window that they lie in, and whatever is newer than the window.
 * Those older than the window are read when somebody scrolls to them.
 */
export async function readTouched(api: Api, thread: Thread, ids: ReadonlySet<string>): Promise<void> {
  const oldest = thread.messages[0]?.id;
  const newest = thread.messages.at(-1)?.id;
  if (oldest === undefined || newest === undefined) return readNewest(api, thread);
  const inside = [...ids].filter((id) => id >= oldest && id <= newest).toSorted();
  const [first] = inside;
  const last = inside.at(-1);
  if (first !== undefined && last !== undefined) await readRange(api, thread, cursorBefore(first), last);
  if (ids.size === inside.length && ids.size > 0) return;
  await readRange(api, thread, thread.messages.at(-1)?.id ?? newest, undefined);
}

async function readRange(api: Api, thread: Thread, from: string, until: string | undefined): Promise<void> {
  let after: string | undefined = from;
  for (let pages = 0; after !== undefined; pages += 1) {
    if (pages === maxPages) return startOver(api, thread);
    const page: MessagesResponse = await api.chats.messages(thread.chatId, { after, limit: pageSize });
    take(thread, mergeMessages(thread.messages, page.items, spanOf({ after }, page)), page);
    const reached = page.items.at(-1)?.id;
    after = until !== undefined && reached !== undefined && reached >= until ? undefined : page.after;
  }
}

/** The newest page alone; scrolling up reads the rest again. */
async function startOver(api: Api, thread: Thread): Promise<void> {
  const page = await api.chats.messages(thread.chatId, { limit: pageSize });
  thread.before = page.before;
  take(thread, page.items, page);
}

function take(thread: Thread, messages: Message[], page: MessagesResponse): void {
  thread.messages = messages;
  thread.outgoing = page.outgoing;
  thread.drafts = openDrafts(thread.drafts, { messages, outgoing: page.outgoing });
}
