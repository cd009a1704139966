import { z } from 'zod';

/**
 * A lower-case UUID, made by us at the registration: the user's name in the user pool, and the partition of everything
 * the user owns.
 */
export const userIdSchema = z.uuid();

/** ULID made by us. A chat keeps its id for ever, whatever WhatsApp ids its peer has had. */
export const chatIdSchema = z.ulid();

/** `<13 digits>-<tail>`: sorts by time of sending, then by arrival. Also the paging cursor. */
export const messageIdSchema = z.string().regex(/^\d{13}-[A-Za-z0-9]{1,64}$/, 'is not a message id');

export const commandIdSchema = z.ulid();
export const suggestionIdSchema = z.ulid();

/** UTC instant with milliseconds, as `Date.prototype.toISOString` writes it. */
export const instantSchema = z.iso.datetime({ precision: 3 });

export type UserId = z.infer<typeof userIdSchema>;
export type ChatId = z.infer<typeof chatIdSchema>;
export type MessageId = z.infer<typeof messageIdSchema>;
export type CommandId = z.infer<typeof commandIdSchema>;
export type SuggestionId = z.infer<typeof suggestionIdSchema>;
