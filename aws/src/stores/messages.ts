import {
  maxMessageLength,
  messageIdSchema,
  sendFailureSchema,
  type ChatId,
  type DeliveryState,
  type Gap,
  type MessageId,
  type Poll,
  type SendFailure,
} from '@top-active/core/contracts';
import { clipText, safeStanzaId } from '@top-active/core/domain';
import { invalidField } from '../items/invalid-field.ts';
import { readChat, requireChat } from './chat-access.ts';
import { partsOf, putChat, withAmended } from './chat-record.ts';
import type { ChatRecord } from './chat-schema.ts';
import type { Contact } from './contact.ts';
import type { IncomingMessage, MessageRef, ReactionChange } from './incoming-message.ts';
import type { MessageRecord } from './message-schema.ts';
import { blankQuotes, deleted, updatedIn } from './deleted-message.ts';
import { withDelivery } from './message-news.ts';
import { findMessage, putMessage, readMessage } from './message-record.ts';
import { mergeTold } from './merge-chats.ts';
import { readMessages } from './message-range.ts';
import { completed, gapAfter } from './gaps.ts';
import { withReaction } from './reactions.ts';
import { decideRecord, type RecordedMessage } from './record-message.ts';
import { storablePoll, storableReactionChange } from './storable-content.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';
import { withdrawn } from './suggestion-record.ts';
import { findTold, type ToldMessage } from './told-messages.ts';

export interface MessagePage {
  /** Ascending by id. */
  items: MessageRecord[];
  /** The chat, then those merged into it. */
  chatIds: readonly [ChatId, ...ChatId[]];
  /** Cursors of the neighbouring pages, absent where there is nothing more. */
  before?: MessageId | undefined;
  after?: MessageId | undefined;
}

export interface MessageStore {
  /**
   * Stores a message once, however often and by however many it is told, and with it the chat (made on first
   * contact), its unread count, the end of a pending suggestion that the message overtakes, and the events.
   * `stored` false: it was known, and took what is new: its `commandId`, ticks, an edited text, reactions and votes,
   * what only the phone could show before, that it was deleted. A message that was planned is stored anew when it is
   * sent, at the time of that.
   */
  recordMessage(input: {
    chat: Contact;
    message: IncomingMessage;
    /** Found by catching up: until when everything had been stored as it came. */
    missedSince?: string | undefined;
  }): Promise<RecordedMessage>;
  /**
   * What is stored of messages that WhatsApp tells again, all of one chat, by their place in `messages`: one query for
   * all of them, where `recordMessage` reads for each. Undefined: it isn't stored in this chat.
   */
  findTold(input: { chatId: ChatId; messages: readonly IncomingMessage[] }): Promise<(ToldMessage | undefined)[]>;
  /**
   * What could be fetched of a gap is stored in this chat: its first message tells so from now on; where none was
   * found, and some are missing, the newest one before it.
   */
  noteGap(input: { chatId: ChatId; messageId: MessageId; gap: Gap }): Promise<void>;
  /** What was missing of a gap has been fetched since. */
  completeGap(input: { chatId: ChatId; messageId: MessageId }): Promise<void>;
  /** Ticks only move forward. `found` false: no such message here (yet). */
  updateDelivery(
    input: MessageRef & { delivery: DeliveryState; failure?: SendFailure | undefined },
  ): Promise<Amendment>;
  /** Of each person the latest reaction counts, in whatever order they are told; an empty emoji takes it back. */
  react(input: MessageRef & { reaction: ReactionChange }): Promise<Amendment>;
  updatePoll(input: MessageRef & { poll: Poll }): Promise<Amendment>;
  editMessage(input: MessageRef & { text: string }): Promise<Amendment>;
  /**
   * Its words go from everywhere: from the chat's preview and from messages that quote it, too. A pending suggestion
   * that may rest on them ends in the same write.
   */
  revokeMessage(input: MessageRef): Promise<Amendment>;
  /**
   * The newest page, or the one `before` or `after` a message. `limit` at most 100; very long texts make it shorter.
   * @throws {AppError} `chat_not_found`; `invalid_request` naming `before` or `after`
   */
  page(query: {
    chatId: ChatId;
    before?: string | undefined;
    after?: string | undefined;
    limit: number;
  }): Promise<MessagePage>;
  get(chatId: ChatId, messageId: MessageId): Promise<MessageRecord | undefined>;
  find(ref: MessageRef): Promise<MessageRecord | undefined>;
}

export interface Amendment {
  found: boolean;
  changed: boolean;
}

const maxPageBytes = 4_000_000;

export function createMessageStore(context: StoreContext): MessageStore {
  const { items, events, now } = context;

  /** `change` returns the message as it should be, or the same one when it may stay. */
  function amend(
    ref: MessageRef,
    change: (message: MessageRecord, chat: ChatRecord) => MessageRecord,
  ): Promise<Amendment> {
    return events.commit<Amendment>(async () => {
      const chat = await readChat(items, ref.chatId);
      const message = chat && (await findMessage(items, partsOf(chat), safe(ref)));
      if (!chat || !message) return { changes: [], events: [], result: { found: false, changed: false } };
      const amended = change(message, chat);
      if (amended === message) return { changes: [], events: [], result: { found: true, changed: false } };
      const shown = chat.lastMessage?.id === amended.id;
      const isDeleted = amended.kind === 'revoked';
      const quotes = isDeleted ? await blankQuotes(items, chat, amended) : undefined;
      const ended = isDeleted ? await withdrawn(items, chat.id, message) : undefined;
      return {
        changes: [
          putMessage(amended, 'present'),
          ...(shown ? [putChat(withAmended(chat, amended))] : []),
          ...(quotes?.changes ?? []),
          ...(ended?.changes ?? []),
        ],
        events: [updatedIn(chat.id, amended), ...(quotes?.events ?? []), ...(ended?.events ?? [])],
        result: { found: true, changed: true },
      };
    });
  }

  /** Of a message that half the group has quoted, more than one write can hold. */
  function blankFurtherQuotes(ref: MessageRef): Promise<boolean> {
    return events.commit(async () => {
      const chat = await readChat(items, ref.chatId);
      const message = chat && (await findMessage(items, partsOf(chat), safe(ref)));
      if (!chat || message?.kind !== 'revoked') return { changes: [], events: [], result: true };
      const { isAll, ...quotes } = await blankQuotes(items, chat, message);
      return { ...quotes, result: isAll };
    });
  }

  /** `change` returns the gap as it should be, or the same one when it may stay. */
  function changeGap(
    { chatId, messageId }: { chatId: ChatId; messageId: MessageId },
    change: (gap: Gap | undefined) => Gap | undefined,
  ): Promise<void> {
    return events.commit<void>(async () => {
      const chat = await readChat(items, chatId);
      const message = chat && (await readMessage(items, partsOf(chat), messageId));
      const gap = change(message?.gap);
      if (!chat || !message || gap === message.gap) return { changes: [], events: [], result: undefined };
      return {
        changes: [putMessage({ ...message, gap }, 'present')],
        events: [updatedIn(chat.id, message)],
        result: undefined,
      };
    });
  }

  /** What is stored in a chat that was merged is shown as the whole's. */
  async function shownIn(
    chatId: ChatId,
    read: (parts: readonly ChatId[]) => Promise<MessageRecord | undefined>,
  ): Promise<MessageRecord | undefined> {
    const chat = await readChat(items, chatId);
    const message = chat && (await read(partsOf(chat)));
    return message && { ...message, chatId: chat.id };
  }

  return {
    async recordMessage(input) {
      const recorded = await events.commit(() => decideRecord(context, input));
      if (recorded !== 'merge') return recorded;
      await mergeTold(context, input.chat.waIds);
      const again = await events.commit(() => decideRecord(context, { ...input, mayMerge: false }));
      if (again === 'merge') throw new Error('Asked to merge again');
      return again;
    },
    findTold: (input) => findTold(context, input),
    noteGap: ({ chatId, messageId, gap }) => changeGap({ chatId, messageId }, (known) => gapAfter(known, gap)),
    completeGap: (ref) => changeGap(ref, completed),
    updateDelivery: ({ delivery, failure, ...ref }) =>
      amend(ref, (message) => withDelivery(message, { delivery, failure: sendFailureSchema.safeParse(failure).data })),
    react({ reaction, ...ref }) {
      const change = storableReactionChange(reaction, instant(now()));
      return amend(ref, (message, { isGroup }) =>
        change && message.kind !== 'revoked' ? withReaction(message, change, isGroup) : message,
      );
    },
    updatePoll({ poll: told, ...ref }) {
      const poll = storablePoll(told);
      return amend(ref, (message) =>
        poll && message.kind !== 'revoked' && JSON.stringify(poll) !== JSON.stringify(message.poll)
          ? { ...message, poll }
          : message,
      );
    },
    editMessage({ text: told, ...ref }) {
      const text = clipText(told, maxMessageLength);
      return amend(ref, (message) =>
        message.kind === 'revoked' || message.text === text ? message : { ...message, text, edited: true },
      );
    },
    async revokeMessage(ref) {
      const done = await amend(ref, (message) => (message.kind === 'revoked' ? message : deleted(message)));
      let isBlank = !done.changed;
      while (!isBlank) isBlank = await blankFurtherQuotes(ref);
      return done;
    },
    async page({ chatId, before, after, limit }) {
      if (before !== undefined && after !== undefined)
        throw invalidField({
          field: 'after',
          message: 'cannot be combined with before',
          remedy: 'Ask for the page before one message or for the page after one.',
        });
      const below = before === undefined ? undefined : cursor('before', before);
      const above = after === undefined ? undefined : cursor('after', after);
      const chat = await requireChat(items, chatId);
      const chatIds = partsOf(chat);
      // One more tells whether there is a further page; another one makes up for the cursor's own message.
      const range = { from: above, to: below, descending: above === undefined, limit: limit + 2 };
      const found = await readMessages(items, chatIds, range);
      const others = found.filter(({ id }) => id !== below && id !== above);
      const page = withinSize(others.slice(0, limit).map((message) => ({ ...message, chatId: chat.id })));
      const hasMore = others.length > page.length;
      if (above === undefined) page.reverse();
      return { items: page, chatIds, ...neighbours(page, { below, above, hasMore }) };
    },
    get: (chatId, id) => shownIn(chatId, (parts) => readMessage(items, parts, id)),
    find: (ref) => shownIn(ref.chatId, (parts) => findMessage(items, parts, safe(ref))),
  };
}

function safe(ref: MessageRef): MessageRef {
  return { ...ref, stanzaId: safeStanzaId(ref.stanzaId) };
}

/** As many as fit into an answer of Lambda (6 MB), but one at least. */
function withinSize(messages: MessageRecord[]): MessageRecord[] {
  let bytes = 0;
  const tooMany = messages.findIndex((message, i) => {
    bytes += Buffer.byteLength(JSON.stringify(message));
    return i > 0 && bytes > maxPageBytes;
  });
  return tooMany === -1 ? messages : messages.slice(0, tooMany);
}

function neighbours(
  page: readonly MessageRecord[],
  { below, above, hasMore }: { below: string | undefined; above: string | undefined; hasMore: boolean },
): Pick<MessagePage, 'before' | 'after'> {
  const [first, last] = [page[0]?.id, page.at(-1)?.id];
  const older = above !== undefined || hasMore ? first : undefined;
  const newer = below !== undefined || (above !== undefined && hasMore) ? last : undefined;
  return { ...(older && { before: older }), ...(newer && { after: newer }) };
}

/** @throws {AppError} `invalid_request` naming the field */
function cursor(field: 'before' | 'after', value: string): MessageId {
  const parsed = messageIdSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidField({
    field,
    message: 'is not a message id',
    remedy: `Pass \`${field}\` of an earlier page as it is, or leave it out to begin with the newest messages.`,
  });
}
