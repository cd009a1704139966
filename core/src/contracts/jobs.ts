import { z } from 'zod';
import { chatIdSchema, messageIdSchema, suggestionIdSchema, userIdSchema } from './ids.ts';

/** Body of a message in the assistant's SQS FIFO queue (MessageGroupId = `<userId>#<chatId>`). */
export const assistantJobSchema = z.discriminatedUnion('type', [
  /** A customer wrote in a chat whose assistant is on. */
  z.object({ type: z.literal('suggest'), userId: userIdSchema, chatId: chatIdSchema, messageId: messageIdSchema }),
  /** The owner accepted a suggestion with an appointment: book it, then send the reply. */
  z.object({ type: z.literal('book'), userId: userIdSchema, chatId: chatIdSchema, suggestionId: suggestionIdSchema }),
]);
export type AssistantJob = z.infer<typeof assistantJobSchema>;
