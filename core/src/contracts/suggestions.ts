import { z } from 'zod';
import { maxMessageLength } from './chats.ts';
import { chatIdSchema, commandIdSchema, instantSchema, messageIdSchema, suggestionIdSchema } from './ids.ts';
import { timeZoneSchema } from './me.ts';

export const appointmentSchema = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    start: instantSchema,
    end: instantSchema,
    timeZone: timeZoneSchema,
  })
  .refine((appointment) => appointment.start < appointment.end, { path: ['end'], message: 'is not after start' });
export type Appointment = z.infer<typeof appointmentSchema>;

/**
 * pending → accepted (owner's click) → sent. An accepted one with an appointment books first and sends only when the
 * slot is booked; `failed` says why nothing was sent. `superseded`: the customer wrote again, the
 * owner answered, or a message that it was made from was deleted.
 */
export const suggestionStateSchema = z.enum(['pending', 'accepted', 'sent', 'dismissed', 'superseded', 'failed']);
export type SuggestionState = z.infer<typeof suggestionStateSchema>;

export const suggestionSchema = z.object({
  id: suggestionIdSchema,
  chatId: chatIdSchema,
  state: suggestionStateSchema,
  text: z.string(),
  appointment: appointmentSchema.optional(),
  /** Link to the booked event, once there is one. */
  eventUrl: z.string().optional(),
  failure: z.enum(['slot_taken', 'google_not_connected', 'google_permission_missing', 'google_unreachable']).optional(),
  /** Newest customer message that the suggestion answers. */
  answers: messageIdSchema,
  model: z.string(),
  simulated: z.boolean(),
  usage: z.object({ inputTokens: z.int(), outputTokens: z.int() }),
  commandId: commandIdSchema.optional(),
  /** WhatsApp's id of whom the reply goes to, once it is accepted. */
  to: z.string().optional(),
  createdAt: instantSchema,
});
export type Suggestion = z.infer<typeof suggestionSchema>;

export const suggestionsResponseSchema = z.object({ items: z.array(suggestionSchema) });

/** Both optional: what is absent stays as proposed. `appointment: null` sends the reply without booking. */
export const acceptSuggestionRequestSchema = z.strictObject({
  text: z.string().trim().min(1).max(maxMessageLength).optional(),
  appointment: appointmentSchema.nullable().optional(),
});
export type AcceptSuggestionRequest = z.infer<typeof acceptSuggestionRequestSchema>;
