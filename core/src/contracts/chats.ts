import { z } from 'zod';
import { chatIdSchema, commandIdSchema, instantSchema, messageIdSchema } from './ids.ts';
import { messageContentSchema, messageKindSchema } from './message-content.ts';

/** WhatsApp's own limit for a text message, in UTF-16 code units. */
export const maxMessageLength = 65_536;

export const assistantModeSchema = z.enum(['off', 'suggest']);
export type AssistantMode = z.infer<typeof assistantModeSchema>;

/** Ticks, in the only order in which they may change; `failed` is final. */
export const deliveryStates = ['pending', 'sent', 'delivered', 'read', 'failed'] as const;
export const deliveryStateSchema = z.enum(deliveryStates);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

/** A time when nobody listened to WhatsApp, and what was fetched of it afterwards: everything, unless `incomplete`. */
export const gapSchema = z.object({
  /**
   * Messages of this chat that were found, the one that carries the gap included. 0 only when `incomplete`: then none
   * was found, and the place of the gap is right after the message that carries it, not before.
   */
  messages: z.int().min(0),
  /** Until then everything had been stored as it came. */
  since: instantSchema,
  /** When WhatsApp was asked for what had come meanwhile. */
  until: instantSchema,
  /** Some could not be fetched: only the phone has all of them. */
  incomplete: z.literal(true).optional(),
});
export type Gap = z.infer<typeof gapSchema>;

export const messageSchema = z.object({
  id: messageIdSchema,
  chatId: chatIdSchema,
  author: z.enum(['customer', 'owner', 'assistant']),
  kind: messageKindSchema,
  /** Text or caption; empty for media without caption. */
  text: z.string(),
  /** WhatsApp's time of sending (precision of a second). */
  sentAt: instantSchema,
  storedAt: instantSchema,
  /** Of messages that we sent; customer messages are `delivered`. */
  delivery: deliveryStateSchema,
  edited: z.boolean(),
  /** The command that sent it, when it was sent through this app. */
  commandId: commandIdSchema.optional(),
  /** On the first of the messages of a gap, else on the newest one before it. */
  gap: gapSchema.optional(),
  ...messageContentSchema.shape,
});
export type Message = z.infer<typeof messageSchema>;

/**
 * A chat that turned out to be the same person's, shown as one with another since. Its id goes on to work, and names
 * the whole.
 */
export const mergedChatSchema = z.object({
  id: chatIdSchema,
  name: z.string(),
  phone: z.string().optional(),
  mergedAt: instantSchema,
});
export type MergedChat = z.infer<typeof mergedChatSchema>;

/**
 * Why the assistant proposes nothing for a customer's message. `cut`, `filtered`, `declined`: the model's answer ended
 * early, was held back, or was a refusal. `too_long`: the chat is longer than the model reads. `flagged`: OpenAI took
 * the request for a misuse. `busy`: OpenAI didn't answer in three tries. `failed`: anything else.
 */
export const proposalFailures = ['cut', 'filtered', 'declined', 'too_long', 'flagged', 'busy', 'failed'] as const;
export type ProposalFailure = (typeof proposalFailures)[number];

export const chatSchema = z.object({
  id: chatIdSchema,
  name: z.string(),
  /** International digits without plus, when WhatsApp told it. */
  phone: z.string().optional(),
  isGroup: z.boolean(),
  unread: z.int(),
  assistantMode: assistantModeSchema,
  lastMessage: messageSchema
    .pick({ id: true, author: true, kind: true, text: true, sentAt: true, delivery: true })
    .optional(),
  /**
   * Of the newest message that the assistant should have answered and didn't; outdated once `answers` isn't the newest
   * message.
   */
  noProposal: z.object({ answers: messageIdSchema, why: z.enum(proposalFailures), at: instantSchema }).optional(),
  updatedAt: instantSchema,
  /** In the order of merging; absent when there is none. */
  merged: z.array(mergedChatSchema).optional(),
  /** Chats that the owner took apart from it: they are not merged with it again, unless the owner wants it. */
  apartFrom: z.array(chatIdSchema).optional(),
});
export type Chat = z.infer<typeof chatSchema>;

/** Newest first; a page is at most 100. `next` is the cursor of the following page, or absent at the end. */
export const chatsResponseSchema = z.object({ items: z.array(chatSchema), next: z.string().optional() });

/** The chat that stays, then the one that was taken out of it. */
export const unmergeChatResponseSchema = z.object({ items: z.array(chatSchema).length(2) });

/** A chat that was taken apart from the one in the path. */
export const rejoinChatRequestSchema = z.strictObject({ chatId: chatIdSchema });

export const updateChatRequestSchema = z.strictObject({
  assistantMode: assistantModeSchema.optional(),
  /** Only `true`: mark everything up to now as read. */
  read: z.literal(true).optional(),
});
export type UpdateChatRequest = z.infer<typeof updateChatRequestSchema>;

export const commandStateSchema = z.enum(['PENDING', 'CLAIMED', 'SENT', 'FAILED', 'UNKNOWN']);
export type CommandState = z.infer<typeof commandStateSchema>;

/** A message on its way out, as the API shows it. SENT ones carry the message they became. */
export const outgoingSchema = z.object({
  id: commandIdSchema,
  chatId: chatIdSchema,
  state: commandStateSchema,
  text: z.string(),
  author: z.enum(['owner', 'assistant']),
  createdAt: instantSchema,
  messageId: messageIdSchema.optional(),
  failure: z.string().optional(),
});
export type Outgoing = z.infer<typeof outgoingSchema>;

/** Of all chats: what FAILED or is UNKNOWN since 24 hours at most, oldest first. */
export const outgoingResponseSchema = z.object({ items: z.array(outgoingSchema) });

/**
 * Ascending by id. `before` and `after` are cursors of the neighbouring pages, absent where there is nothing more
 * (`after` is absent on the newest page). `outgoing` holds commands of this chat that aren't messages yet.
 */
export const messagesResponseSchema = z.object({
  items: z.array(messageSchema),
  before: messageIdSchema.optional(),
  after: messageIdSchema.optional(),
  outgoing: z.array(outgoingSchema),
});
export type MessagesResponse = z.infer<typeof messagesResponseSchema>;

/** Newest first. `next` is the cursor of the following page, absent at the end. */
export const searchResponseSchema = z.object({ items: z.array(messageSchema), next: messageIdSchema.optional() });

export const sendMessageRequestSchema = z.strictObject({
  text: z
    .string()
    .max(maxMessageLength)
    .refine((text) => text.trim().length > 0, 'is empty'),
});
export type SendMessageRequest = z.infer<typeof sendMessageRequestSchema>;

export const idempotencyKeySchema = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'has 8 to 64 letters, digits, - or _');
