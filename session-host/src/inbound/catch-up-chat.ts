import type { Gap } from '@top-active/core/contracts';
import { canonicalWaId } from '@top-active/core/domain';
import {
  newTraceId,
  withTrace,
  type ChatRecord,
  type Contact,
  type Log,
  type RecordedMessage,
  type Tenant,
  type ToldMessage,
} from '@top-active/aws';
import type { EngineChat, EngineMessage, EngineSession, FetchedRange } from '../engine/engine.ts';
import { isMissed, newestSecond, rangeOf, type Absence } from './look-back.ts';
import type { StoreOptions } from './store-options.ts';
import { tallyOf, type StoreOutcome } from './store-tally.ts';
import { toIncoming } from './to-incoming.ts';
import { untilStored } from './until-stored.ts';

export interface ChatCatchUpOptions {
  tenant: Tenant;
  log: Log;
  signal: AbortSignal;
  describe: (peer: string, engine: EngineSession) => Promise<Contact>;
  store: (message: EngineMessage, options: StoreOptions) => Promise<RecordedMessage | undefined>;
}

/** What is asked of one chat. */
interface WantedOfChat {
  engine: EngineSession;
  /** Undefined: nobody has listened before. */
  gap: Absence | undefined;
  /** Messages of before the link are wanted too. */
  history: boolean;
  /** As it was listed a moment ago. */
  record: ChatRecord | undefined;
}

/** Told messages of one chat, and what is known for storing them. */
interface Fetched extends WantedOfChat, FetchedRange {
  contact: Contact;
  /** Before then, what isn't stored was never wanted. Epoch seconds. */
  from: number;
}

/**
 * Fetches one chat, and stores what is new of it. To be called in the chat's order.
 * @returns how many messages were new
 */
export function createChatCatchUp({ tenant, log, signal, describe, store }: ChatCatchUpOptions) {
  return catchUpChat;

  async function catchUpChat(
    { peer, unread }: Pick<EngineChat, 'peer'> & { unread?: number },
    wanted: WantedOfChat,
  ): Promise<number> {
    const { engine, gap, history } = wanted;
    // Listed a moment ago: who reads a little too early begins a little too early.
    const record = wanted.record ?? (await findUnderOtherId(peer, engine));
    const now = Math.floor(Date.now() / 1000);
    const { from, asked } = rangeOf({ gap, newest: newestSecond(record), history, now });
    const range = await engine.fetchSince(peer, asked);
    const wasWithout = record?.historyMissing === true;
    if (range.messages.length === 0 && !wasWithout) return 0;
    const contact: Contact = { ...(await describe(peer, engine)), unread };
    const tally = tallyOf(await storeAll({ ...wanted, ...range, record, contact, from }));
    // No repetition heals what the store refuses, nor what WhatsApp keeps to itself: it is said, and the others of the
    // chat are there.
    const incomplete = tally.refused > 0 || !range.isWhole;
    if (gap) await noteGap(tally.missed, { ...gap, incomplete });
    if (!incomplete)
      for (const { chatId, messageId } of tally.besideGaps)
        await untilStored(() => tenant.messages.completeGap({ chatId, messageId }), { what: 'gap', log, signal });
    if (wasWithout) {
      const whole: Contact = { ...contact, historyMissing: false };
      await untilStored(() => tenant.chats.upsertContact(whole), { what: 'contact', log, signal });
    }
    return tally.found;
  }

  /** Of each message that is wanted, what became of it. */
  async function storeAll(fetched: Fetched): Promise<StoreOutcome[]> {
    const { engine, messages, record, contact, gap } = fetched;
    const told = record && (await findTold(record, messages));
    // What comes under an id that is new here may make two chats one: then every message is told to the store.
    const isMet = contact.waIds.every((waId) => record?.waIds.includes(canonicalWaId(waId)));
    const isHistoryUnwanted = !fetched.history && newestSecond(record) !== undefined;
    const outcomes: StoreOutcome[] = [];
    for (const [place, message] of messages.entries()) {
      if (signal.aborted) throw new Error('The host stops');
      const stored: ToldMessage | undefined = told?.[place];
      const isOld = isHistoryUnwanted && message.sentAt < fetched.from;
      // Older than what is fetched: history that was never wanted.
      if (isOld && !stored) continue;
      const missedSince = gap && isMissed(message, gap) ? gap.since.toISOString() : undefined;
      const isAsStored = stored && !stored.hasNews && (isMet || isOld);
      const recorded = isAsStored
        ? stored.recorded
        : await withTrace(newTraceId(), () => store(message, { contact, missedSince }));
      if (recorded) engine.noteStored(message);
      outcomes.push({ recorded, missedSince });
    }
    return outcomes;
  }

  /** The chat may have had another id until now. */
  async function findUnderOtherId(peer: string, engine: EngineSession): Promise<ChatRecord | undefined> {
    const chatId =
      (await tenant.chats.resolvePeer([peer])) ??
      (await tenant.chats.resolvePeer((await describe(peer, engine)).waIds));
    return chatId === undefined ? undefined : tenant.chats.get(chatId);
  }

  /** Reconnecting is frequent, and nearly all that WhatsApp tells then is known: it costs one question for a chat. */
  function findTold({ id: chatId }: ChatRecord, messages: readonly EngineMessage[]) {
    return tenant.messages.findTold({ chatId, messages: messages.map((message) => toIncoming(message)) });
  }

  async function noteGap(
    missed: readonly RecordedMessage[],
    { since, until, incomplete }: Absence & { incomplete: boolean },
  ): Promise<void> {
    const [first] = missed.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
    if (!first) return;
    const { chatId, messageId } = first;
    const gap: Gap = {
      messages: missed.length,
      since: since.toISOString(),
      until: until.toISOString(),
      ...(incomplete && { incomplete }),
    };
    await untilStored(() => tenant.messages.noteGap({ chatId, messageId, gap }), { what: 'gap', log, signal });
  }
}
