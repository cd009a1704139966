import {
  suggestionSchema,
  type AcceptSuggestionRequest,
  type ChatId,
  type CommandId,
  type MessageId,
  type Suggestion,
  type SuggestionId,
  type SuggestionState,
} from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import type { ItemStore, Write } from '../items/item-store.ts';
import { keys, prefixes } from '../items/keys.ts';
import type { AppointmentRecord } from './appointments.ts';
import { readChat, requireChat } from './chat-access.ts';
import { partsOf } from './chat-record.ts';
import { newCommand } from './command-record.ts';
import { readMessages } from './message-range.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';
import {
  movedSuggestion,
  putSuggestion,
  readOpenSuggestions,
  readSuggestion,
  superseded,
} from './suggestion-record.ts';
import type { ChatRecord } from './chat-schema.ts';

export interface NewSuggestion extends Pick<
  Suggestion,
  'chatId' | 'text' | 'appointment' | 'answers' | 'model' | 'simulated' | 'usage'
> {
  /** The messages that could be read when it was written, oldest first. */
  madeFrom: readonly MessageId[];
}

/** Why a suggestion came too late to be shown. */
export type StaleReason = 'customer_wrote_again' | 'owner_answered' | 'assistant_off' | 'message_deleted';

export type CreatedSuggestion = { created: true; suggestion: Suggestion } | { created: false; reason: StaleReason };

export interface SuggestionStore {
  /**
   * Becomes the chat's pending suggestion; an older pending one is superseded in the same write. @throws {AppError}
   * `chat_not_found`
   */
  create(suggestion: NewSuggestion): Promise<CreatedSuggestion>;
  /** Newest first, at most 100. */
  list(query?: { state?: SuggestionState | undefined; chatId?: ChatId | undefined }): Promise<Suggestion[]>;
  get(id: SuggestionId): Promise<Suggestion | undefined>;
  /**
   * The owner's click. Without an appointment the send command is made in the same write; with one it waits for
   * `markBooked`.
   * @throws {AppError} `suggestion_not_found`, `suggestion_not_pending`
   */
  accept(id: SuggestionId, change: AcceptSuggestionRequest): Promise<Suggestion>;
  /** @throws {AppError} `suggestion_not_found`, `suggestion_not_pending` */
  dismiss(id: SuggestionId): Promise<Suggestion>;
  /**
   * The slot is booked: keeps the appointment and makes the send command, in one write, then the wake. A repetition
   * gets the first command.
   * @throws {AppError} `suggestion_not_found`, or `conflict` when it isn't accepted
   */
  markBooked(id: SuggestionId, booking: { eventId: string; eventUrl: string }): Promise<{ commandId: CommandId }>;
  /** Nothing was sent, and why. False when it was no longer accepted. */
  markFailed(id: SuggestionId, failure: NonNullable<Suggestion['failure']>): Promise<boolean>;
  /** The chat's pending suggestion is out of date. False when there was none. */
  supersedeOpen(chatId: ChatId): Promise<boolean>;
}

const listLimit = 100;
/** More than a suggestion is made from, for those that were deleted before. */
const mostRead = 200;

export function createSuggestionStore({ items, events, now, newId, wake }: StoreContext): SuggestionStore {
  async function requireSuggestion(id: SuggestionId): Promise<Suggestion> {
    const suggestion = await readSuggestion(items, id);
    if (!suggestion) throw suggestionNotFound();
    return suggestion;
  }

  async function requirePending(id: SuggestionId): Promise<Suggestion> {
    const suggestion = await requireSuggestion(id);
    if (suggestion.state !== 'pending') throw suggestionNotPending();
    return suggestion;
  }

  function sendCommand({ id, chatId, to, text }: Suggestion) {
    const command = { kind: 'message.send', chatId, to, text, author: 'assistant' } as const;
    return newCommand({ id: newId(), command, now: instant(now()), suggestionId: id });
  }

  return {
    create: ({ madeFrom, ...input }) =>
      events.commit<CreatedSuggestion>(async () => {
        const chat = await requireChat(items, input.chatId);
        const { lastInboundId = '', lastOutboundId = '', assistantMode } = chat;
        const reason = staleReason({ lastInboundId, lastOutboundId, assistantMode, answers: input.answers });
        if (reason) return { changes: [], events: [], result: { created: false, reason } };
        if (await isAnyDeleted(items, chat, madeFrom))
          return { changes: [], events: [], result: { created: false, reason: 'message_deleted' } };
        const ended = await superseded(items, chat.id);
        const suggestion: Suggestion = {
          ...input,
          chatId: chat.id,
          id: newId(),
          state: 'pending',
          createdAt: instant(now()),
        };
        const { id, chatId } = suggestion;
        const added: Write[] = [
          putSuggestion(suggestion, 'absent'),
          { kind: 'put', sk: keys.openSuggestion(chatId), item: { suggestionId: id } },
        ];
        return {
          // One transaction writes each item once: the pointer is overwritten, not deleted first.
          changes: [...ended.changes.filter((write) => write.sk !== keys.openSuggestion(chatId)), ...added],
          events: [...ended.events, { type: 'suggestion.created', ids: { chatId, suggestionId: id } }],
          result: { created: true, suggestion },
        };
      }),
    async list({ state, chatId } = {}) {
      const all =
        state === 'pending'
          ? (await readOpenSuggestions(items)).toSorted((a, b) => (a.id < b.id ? 1 : -1))
          : await items.query({ prefix: prefixes.suggestion, descending: true, limit: listLimit }, suggestionSchema);
      const chat = chatId === undefined ? undefined : await readChat(items, chatId);
      const chatIds = chat ? partsOf(chat) : [chatId];
      return all
        .filter((one) => (state ?? one.state) === one.state && (chatId === undefined || chatIds.includes(one.chatId)))
        .slice(0, listLimit);
    },
    get: (id) => readSuggestion(items, id),
    async accept(id, change) {
      const { suggestion, commandId } = await events.commit(async () => {
        const pending = await requirePending(id);
        const chat = await readChat(items, pending.chatId);
        const accepted = { ...acceptedSuggestion(pending, change), to: chat?.primaryWaId };
        if (accepted.appointment) {
          const moved = movedSuggestion(pending, accepted);
          return { ...moved, result: { suggestion: accepted, commandId: undefined } };
        }
        const made = sendCommand(accepted);
        const suggestion: Suggestion = { ...accepted, commandId: made.record.id };
        const moved = movedSuggestion(pending, suggestion);
        return {
          changes: [...moved.changes, ...made.changes],
          events: [...moved.events, ...made.events],
          result: { suggestion, commandId: suggestion.commandId },
        };
      });
      if (commandId) await wake(commandId);
      return suggestion;
    },
    dismiss: (id) =>
      events.commit(async () => {
        const pending = await requirePending(id);
        const suggestion: Suggestion = { ...pending, state: 'dismissed' };
        return { ...movedSuggestion(pending, suggestion), result: suggestion };
      }),
    async markBooked(id, { eventId, eventUrl }) {
      const { commandId, isNew } = await events.commit(async () => {
        const accepted = await requireSuggestion(id);
        if (accepted.commandId)
          return { changes: [], events: [], result: { commandId: accepted.commandId, isNew: false } };
        if (accepted.state !== 'accepted' || !accepted.appointment) throw notAccepted();
        const made = sendCommand(accepted);
        const moved = movedSuggestion(accepted, { ...accepted, eventUrl, commandId: made.record.id });
        const appointment: AppointmentRecord = {
          ...accepted.appointment,
          id: newId(),
          suggestionId: id,
          chatId: accepted.chatId,
          eventId,
          eventUrl,
          createdAt: instant(now()),
        };
        return {
          changes: [
            ...moved.changes,
            ...made.changes,
            { kind: 'put', sk: keys.appointment(appointment.id), item: appointment, condition: 'absent' },
          ],
          events: [...moved.events, ...made.events],
          result: { commandId: made.record.id, isNew: true },
        };
      });
      if (isNew) await wake(commandId);
      return { commandId };
    },
    markFailed: (id, failure) =>
      events.commit(async () => {
        const accepted = await requireSuggestion(id);
        if (accepted.state !== 'accepted' || accepted.commandId) return { changes: [], events: [], result: false };
        return { ...movedSuggestion(accepted, { ...accepted, state: 'failed', failure }), result: true };
      }),
    supersedeOpen: (chatId) =>
      events.commit(async () => {
        const ended = await superseded(items, chatId);
        return { ...ended, result: ended.changes.length > 0 };
      }),
  };
}

function acceptedSuggestion(pending: Suggestion, { text, appointment }: AcceptSuggestionRequest): Suggestion {
  const { appointment: proposed, ...rest } = pending;
  // Absent keeps what was proposed, null books nothing.
  const chosen = appointment === undefined ? proposed : (appointment ?? undefined);
  return { ...rest, state: 'accepted', text: text ?? pending.text, ...(chosen && { appointment: chosen }) };
}

function staleReason(options: {
  lastInboundId: string;
  lastOutboundId: string;
  assistantMode: string;
  answers: string;
}): StaleReason | undefined {
  const { lastInboundId, lastOutboundId, assistantMode, answers } = options;
  if (assistantMode === 'off') return 'assistant_off';
  if (lastInboundId > answers) return 'customer_wrote_again';
  return lastOutboundId > answers ? 'owner_answered' : undefined;
}

/** What was deleted while a suggestion was being written is not to be read in it. */
async function isAnyDeleted(items: ItemStore, chat: ChatRecord, ids: readonly MessageId[]): Promise<boolean> {
  const [from] = ids;
  if (from === undefined) return false;
  const range = { from, to: ids.at(-1), limit: mostRead };
  const now = await readMessages(items, partsOf(chat), range);
  return now.some(({ id, kind }) => kind === 'revoked' && ids.includes(id));
}

function suggestionNotFound(): AppError {
  return new AppError('suggestion_not_found');
}

function suggestionNotPending(): AppError {
  return new AppError('suggestion_not_pending');
}

function notAccepted(): AppError {
  return new AppError('conflict', {
    detail: 'This suggestion is not waiting for its appointment to be booked.',
    remedy: 'Accept a pending suggestion with an appointment first.',
  });
}
