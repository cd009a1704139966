import { z } from 'zod';
import { chatIdSchema, commandIdSchema, userIdSchema } from './ids.ts';
import { passkeyRequestIdSchema } from './passkey.ts';

/** What a session host is asked to do for one user. The item in the table is the truth; SQS only wakes the host. */
export const hostCommandSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('link.start') }),
  /** Log the device out on the phone, delete the checkpoint, stop the browser. */
  z.object({ kind: z.literal('link.stop') }),
  /** Hand the owner's answer to WhatsApp's page. The answer itself is kept sealed, elsewhere, and taken once. */
  z.object({ kind: z.literal('link.passkey'), requestId: passkeyRequestIdSchema }),
  /** The owner has compared the code on the phone with the one of the page. */
  z.object({ kind: z.literal('link.compared'), code: z.string(), matches: z.boolean() }),
  /** Ask WhatsApp for a code to type on the phone instead of the QR code, or for a new one. */
  z.object({ kind: z.literal('link.pair'), phone: z.string() }),
  /** Back to the QR code. */
  z.object({ kind: z.literal('link.qr') }),
  z.object({
    kind: z.literal('message.send'),
    chatId: chatIdSchema,
    /** WhatsApp's id of whom the owner wrote to: the chat may be merged, or taken apart, before it is sent. */
    to: z.string().optional(),
    text: z.string(),
    author: z.enum(['owner', 'assistant']),
  }),
  z.object({ kind: z.literal('chat.seen'), chatId: chatIdSchema }),
]);
export type HostCommand = z.infer<typeof hostCommandSchema>;
export type HostCommandKind = HostCommand['kind'];

/**
 * The commands of the kinds K, as a map that is looked up: so the compiler knows that a command fits the handler which
 * a map of handlers holds under its kind.
 */
export type HostCommandOf<K extends HostCommandKind = HostCommandKind> = {
  [P in K]: { kind: P } & Extract<HostCommand, { kind: P }>;
}[K];

/** Body of a message in a shard's SQS FIFO queue (MessageGroupId = userId, MessageDeduplicationId = commandId). */
export const hostWakeSchema = z.object({ type: z.literal('wake'), userId: userIdSchema, commandId: commandIdSchema });
export type HostWake = z.infer<typeof hostWakeSchema>;
