import type { Page } from 'puppeteer';
import { z } from 'zod';
import { EngineError } from '../../../engine.ts';
import { withDeadline } from '../../../with-deadline.ts';
import type { Msg } from '../page-modules.ts';
import type { PreludeWindow } from '../repair-context.ts';

declare const window: PreludeWindow;

export interface FetchedMessages {
  /** Data of messages, as `readMessage` takes them. Ascending by time, and within a second as they arrived. */
  models: unknown[];
  /** Messages of which nothing can be told, not even whose they are. */
  unreadable: number;
  /** The chat's first message is among them. False also when WhatsApp has no more for the moment. */
  complete: boolean;
}

const patienceMs = 40_000;
const timeoutMs = 60_000;
/**
 * Others' status and channels. Accounts whose page read the status within minutes of being linked were unlinked by
 * WhatsApp.
 */
const isPublic = /@(?:broadcast|newsletter)$/;
/** With the page's own answers to one question. */
const mostQuestions = 200;

const fetchedSchema = z.object({
  texts: z.array(z.string()),
  unreadable: z.int().min(0),
  complete: z.boolean(),
});

/**
 * The newest `limit` messages of a chat, with what the phone has of it where the page has fewer. Each message is taken
 * apart by itself: one that can't be hurts no other.
 * @throws {EngineError} `refused`, of status and channels, before the page is asked
 * @throws when the page doesn't answer in time
 */
export async function fetchMessages(
  page: Page,
  { peer, limit }: { peer: string; limit: number },
): Promise<FetchedMessages> {
  if (isPublic.test(peer)) throw new EngineError('refused', 'Neither status nor channels are read');
  const fetched = await withDeadline(
    page.evaluate(fetchInPage, { peer, limit, patienceMs, mostQuestions }),
    timeoutMs,
    'Fetching messages',
  );
  const { texts, unreadable, complete } = fetchedSchema.parse(fetched);
  return { models: texts.map((text): unknown => JSON.parse(text)), unreadable, complete };
}

/** Runs in the page. Loads until there is enough, nothing earlier, or no more patience. */
async function fetchInPage(wanted: { peer: string; limit: number; patienceMs: number; mostQuestions: number }) {
  const ours = window.__topActive;
  if (!ours) throw new Error('The prelude is not in the page');
  const { need, isOn, report, findChat, modelOf } = ours;
  const chat = findChat(wanted.peer);
  if (!chat) return { texts: [], unreadable: 0, complete: false };

  const giveUpAt = performance.now() + wanted.patienceMs;
  const found = new Map<string, Msg>();
  let nameless = 0;
  let complete = false;

  const take = (messages: readonly Msg[]): void => {
    for (const message of messages) {
      const { id, fromMe } = message.id ?? {};
      found.set(typeof id === 'string' ? `${String(fromMe)}_${id}` : `#${(nameless += 1)}`, message);
    }
  };
  const takeLoaded = (): void => {
    for (const [key] of found) if (key.startsWith('#')) found.delete(key);
    take(chat.msgs?.getModelsArray?.() ?? []);
  };
  const inTime = <T>(asked: Promise<T>): Promise<T | 'late'> =>
    Promise.race([
      asked,
      new Promise<'late'>((resolve) => {
        setTimeout(() => resolve('late'), Math.max(0, giveUpAt - performance.now()));
      }),
    ]);

  /** By the argument that WhatsApp takes today, or the one of the other year. */
  const loadEarlier = async (): Promise<Msg[] | undefined> => {
    const load = need('WAWebChatLoadMessages')?.loadEarlierMsgs;
    if (!load) throw new Error('no loadEarlierMsgs');
    try {
      return await load({ chat });
    } catch (error) {
      if (!(error instanceof TypeError) || !isOn('history-signature')) throw error;
      const loaded = await load(chat);
      report('history-signature', { applied: true, how: 'loadEarlierMsgs(chat)' });
      return loaded;
    }
  };

  /** What the page's own database has before the oldest that is known. */
  const findInDatabase = async (): Promise<Msg[]> => {
    const oldest = [...found.values()].toSorted((a, b) => (a.t ?? 0) - (b.t ?? 0))[0];
    const database = need('WAWebDBMessageFindLocal');
    const find = database?.msgFindByDirection ?? database?.msgFindBefore;
    if (!oldest || !find) return [];
    const answer = await find({ anchor: oldest.id, count: wanted.limit, direction: 'before' });
    const rows = (Array.isArray(answer) ? answer : answer?.messages) ?? [];
    if (rows.length > 0) report('history-database', { applied: true, how: 'WAWebDBMessageFindLocal' });
    return rows;
  };

  takeLoaded();
  try {
    for (let asked = 0; found.size < wanted.limit && asked < wanted.mostQuestions; asked++) {
      const before = found.size;
      const earlier = await inTime(loadEarlier());
      if (earlier === 'late') break;
      if (earlier === undefined || chat.msgs?.msgLoadState?.noEarlierMsgs === true) complete = true;
      take(earlier ?? []);
      takeLoaded();
      // Neither an end nor anything new: nothing more for the moment.
      if (complete || found.size === before) break;
    }
  } catch (error) {
    report('history-load', { applied: false, how: `failed: ${String(error)}` });
  }
  if (found.size < wanted.limit && !complete && isOn('history-database')) {
    try {
      const rows = await inTime(findInDatabase());
      if (rows !== 'late') take(rows.filter(({ id }) => !found.has(`${String(id?.fromMe)}_${id?.id}`)));
    } catch (error) {
      report('history-database', { applied: false, how: `failed: ${String(error)}` });
    }
  }

  const places = new Map((chat.msgs?.getModelsArray?.() ?? []).map((message, place) => [message, place]));
  const newest = [...found.values()]
    .toSorted((a, b) => (a.t ?? 0) - (b.t ?? 0) || (places.get(a) ?? -1) - (places.get(b) ?? -1))
    .slice(-wanted.limit);
  const texts = newest.map((message) => modelOf(message)).filter((text) => text !== undefined);
  // Some of the earlier ones were left out: the first isn't there.
  return { texts, unreadable: newest.length - texts.length, complete: complete && found.size <= wanted.limit };
}
