import { z } from 'zod';
import { chatIdSchema, commandIdSchema, userIdSchema } from './ids.ts';

/** What a session host is asked to do for one user. The item in the table is the truth; SQS only wakes the host. */
export const hostCommandSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('link.start') }),
  /** Log the device out on the phone, delete the checkpoint, stop the browser. */
  z.object({ kind: z.literal('link.stop') }),
  z.object({
    kind: z.literal('message.send'),
    chatId: chatIdSchema,
    text: z.string(),
    author: z.enum(['owner', 'assistant']),
  }),
  z.object({ kind: z.literal('chat.seen'), chatId: chatIdSchema }),
]);
export type HostCommand = z.infer<typeof hostCommandSchema>;
export type HostCommandKind = HostCommand['kind'];

/** Body of a message in a shard's SQS FIFO queue (MessageGroupId = userId, MessageDeduplicationId = commandId). */
export const hostWakeSchema = z.object({ type: z.literal('wake'), userId: userIdSchema, commandId: commandIdSchema });
export type HostWake = z.infer<typeof hostWakeSchema>;
