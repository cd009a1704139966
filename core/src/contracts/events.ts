import { z } from 'zod';
import { chatIdSchema, commandIdSchema, instantSchema, messageIdSchema, suggestionIdSchema } from './ids.ts';

/**
 * One line of the user's event log. `seq` starts at 1 and has no gaps: whoever holds N asks for everything after N.
 * An event carries ids only; what it is about is read from the API.
 */
export const eventSchema = z.discriminatedUnion('type', [
  event('message.stored', { chatId: chatIdSchema, messageId: messageIdSchema }),
  event('message.updated', { chatId: chatIdSchema, messageId: messageIdSchema }),
  event('chat.updated', { chatId: chatIdSchema }),
  event('command.updated', { chatId: chatIdSchema, commandId: commandIdSchema }),
  event('suggestion.created', { chatId: chatIdSchema, suggestionId: suggestionIdSchema }),
  event('suggestion.updated', { chatId: chatIdSchema, suggestionId: suggestionIdSchema }),
  event('whatsapp.updated', {}),
  event('credentials.updated', {}),
  event('profile.updated', {}),
]);
export type UserEvent = z.infer<typeof eventSchema>;
export type UserEventType = UserEvent['type'];

type WithoutStamp<T> = T extends UserEvent ? Omit<T, 'seq' | 'at'> : never;
/** An event before the log gave it its place. */
export type NewUserEvent = WithoutStamp<UserEvent>;

/**
 * At most 500 at a time. `reset`: the log no longer reaches back to `after`; read everything anew and go on from `seq`.
 */
export const eventsResponseSchema = z.object({
  items: z.array(eventSchema),
  seq: z.int(),
  reset: z.boolean(),
});
export type EventsResponse = z.infer<typeof eventsResponseSchema>;

/** One use, 30 seconds; sent as second value of Sec-WebSocket-Protocol, after `top-active.v1`. */
export const realtimeTicketResponseSchema = z.object({ ticket: z.string(), expiresAt: instantSchema });
export const realtimeProtocol = 'top-active.v1';

/** Frames from the server. `hint` says only that the log has grown. */
export const serverFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hint'), event: eventSchema }),
  z.object({ type: z.literal('pong') }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;

export const clientFrameSchema = z.discriminatedUnion('type', [z.strictObject({ type: z.literal('ping') })]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

function event<T extends string, I extends z.core.$ZodLooseShape>(type: T, ids: I) {
  return z.object({ type: z.literal(type), ids: z.object(ids), seq: z.int().positive(), at: instantSchema });
}
