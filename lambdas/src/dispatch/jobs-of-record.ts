import { prefixes, userPrefix } from '@top-active/aws/items/keys';
import {
  assistantModeSchema,
  chatIdSchema,
  messageIdSchema,
  suggestionSchema,
  userIdSchema,
  type AssistantJob,
  type UserId,
} from '@top-active/core/contracts';
import { z } from 'zod';

export interface DispatchedJob {
  job: AssistantJob;
  /** The same for the same cause, so that a record that is delivered twice makes one job. */
  deduplicationId: string;
}

/** An item of the table before and after a change, as plain values. */
export interface ItemChange {
  before: Record<string, unknown> | undefined;
  after: Record<string, unknown>;
}

const chatSchema = z.object({
  pk: z.string().startsWith(userPrefix),
  sk: z.string().startsWith(prefixes.chat),
  id: chatIdSchema,
  assistantMode: assistantModeSchema,
  isGroup: z.boolean(),
  lastInboundId: messageIdSchema.optional(),
  lastOutboundId: messageIdSchema.optional(),
  // What is left of a merged chat leads to the whole, which has a change of its own.
  mergedInto: z.undefined().optional(),
});
const acceptedSchema = suggestionSchema.pick({ id: true, chatId: true, commandId: true }).extend({
  pk: z.string().startsWith(userPrefix),
  sk: z.string().startsWith(prefixes.suggestion),
  state: z.literal('accepted'),
  /** It has an appointment, which is sealed. */
  books: z.boolean(),
});

/** What the assistant has to do because of a change; nothing for most. */
export function jobsOfChange({ before, after }: ItemChange): DispatchedJob[] {
  const chat = chatSchema.safeParse(after);
  if (chat.success) {
    const { id: chatId, lastInboundId, lastOutboundId = '', assistantMode, isGroup } = chat.data;
    if (assistantMode === 'off' || isGroup || !lastInboundId || lastOutboundId > lastInboundId) return [];
    // A new question, or the assistant was switched on while one was waiting.
    if (before?.lastInboundId === lastInboundId && before.assistantMode === assistantMode) return [];
    const job = { type: 'suggest', userId: userIdOf(chat.data.pk), chatId, messageId: lastInboundId } as const;
    return [{ job, deduplicationId: `suggest-${chatId}-${lastInboundId}` }];
  }
  const accepted = acceptedSchema.safeParse(after);
  // Without an appointment, accepting has made the send command already; with one that is booked, booking has.
  if (!accepted.success || !accepted.data.books || accepted.data.commandId || before?.state === 'accepted') return [];
  const { id: suggestionId, chatId } = accepted.data;
  const job = { type: 'book', userId: userIdOf(accepted.data.pk), chatId, suggestionId } as const;
  return [{ job, deduplicationId: `book-${suggestionId}` }];
}

function userIdOf(pk: string): UserId {
  return userIdSchema.parse(pk.slice(userPrefix.length));
}
