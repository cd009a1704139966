import {
  suggestionIdSchema,
  suggestionSchema,
  type ChatId,
  type Message,
  type MessageId,
  type NewUserEvent,
  type Suggestion,
  type SuggestionId,
} from '@top-active/core/contracts';
import { z } from 'zod';
import type { Condition, ItemStore, Write } from '../items/item-store.ts';
import { keys, prefixes } from '../items/keys.ts';
import { orAbsent } from '../items/unreadable.ts';
import { traced } from '../logs/trace.ts';

interface Changes {
  changes: Write[];
  events: NewUserEvent[];
}

const pointerSchema = z.object({ suggestionId: suggestionIdSchema });

export function readSuggestion(items: ItemStore, id: SuggestionId): Promise<Suggestion | undefined> {
  return items.get(keys.suggestion(id), orAbsent(suggestionSchema));
}

/** The chat's pending suggestion. */
export async function readOpenSuggestion(items: ItemStore, chatId: ChatId): Promise<Suggestion | undefined> {
  const pointer = await items.get(keys.openSuggestion(chatId), orAbsent(pointerSchema));
  return pointer && readSuggestion(items, pointer.suggestionId);
}

export async function readOpenSuggestions(items: ItemStore): Promise<Suggestion[]> {
  const pointers = await items.query({ prefix: prefixes.openSuggestion }, pointerSchema);
  return items.getMany(
    pointers.map(({ suggestionId }) => keys.suggestion(suggestionId)),
    suggestionSchema,
  );
}

/** Whether it `books` stays readable: the stream's reader asks for the booking of an accepted one. */
export function putSuggestion(suggestion: Suggestion, condition: Condition): Write {
  const item = traced({ ...suggestion, books: suggestion.appointment !== undefined });
  return { kind: 'put', sk: keys.suggestion(suggestion.id), item, condition };
}

/** Writes a suggestion in its new state; the pointer to it ends with the state `pending`. */
export function movedSuggestion(from: Suggestion, to: Suggestion): Changes {
  const changes: Write[] = [putSuggestion(to, { state: from.state })];
  if (from.state === 'pending' && to.state !== 'pending')
    changes.push({ kind: 'delete', sk: keys.openSuggestion(to.chatId) });
  return { changes, events: [updatedEvent(to)] };
}

/** The pending suggestion as another chat's, since its chat was merged or taken out. */
export function suggestionInChat(open: Suggestion, chatId: ChatId): Changes {
  if (open.chatId === chatId) return { changes: [], events: [] };
  const moved: Suggestion = { ...open, chatId };
  return {
    changes: [
      putSuggestion(moved, { state: open.state }),
      { kind: 'put', sk: keys.openSuggestion(chatId), item: { suggestionId: open.id } },
      { kind: 'delete', sk: keys.openSuggestion(open.chatId) },
    ],
    events: [updatedEvent(moved)],
  };
}

/**
 * The end of a chat's pending suggestion; nothing when there is none.
 * @param by message that overtakes it, unless the suggestion answers a newer one. Without it, it ends in any case.
 */
export async function superseded(items: ItemStore, chatId: ChatId, by?: MessageId): Promise<Changes> {
  const open = await readOpenSuggestion(items, chatId);
  if (!open || (by !== undefined && by <= open.answers)) return { changes: [], events: [] };
  return movedSuggestion(open, { ...open, state: 'superseded' });
}

/**
 * The end of a chat's pending suggestion that was made while a message that is deleted now could be read.
 * @param message as it was before
 */
export async function withdrawn(
  items: ItemStore,
  chatId: ChatId,
  { id, plannedFor }: Pick<Message, 'id' | 'plannedFor'>,
): Promise<Changes> {
  const open = plannedFor === undefined ? await readOpenSuggestion(items, chatId) : undefined;
  if (!open || id > open.answers) return { changes: [], events: [] };
  return movedSuggestion(open, { ...open, state: 'superseded' });
}

/** The accepted suggestion whose reply has been sent. */
export async function sentSuggestion(items: ItemStore, id: SuggestionId): Promise<Changes> {
  const suggestion = await readSuggestion(items, id);
  if (suggestion?.state !== 'accepted') return { changes: [], events: [] };
  return movedSuggestion(suggestion, { ...suggestion, state: 'sent' });
}

function updatedEvent({ id, chatId }: Suggestion): NewUserEvent {
  return { type: 'suggestion.updated', ids: { chatId, suggestionId: id } };
}
