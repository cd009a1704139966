import { instantSchema, messageSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import { storedQuoteSchema } from './stored-content.ts';

/** A reaction that was taken back is remembered: WhatsApp may still tell of it when it has long known better. */
const takenBackSchema = z.object({ who: z.string(), at: instantSchema });

/** A message's item: what is written is parsed with it, and so is what is read. */
export const messageRecordSchema = messageSchema.extend({
  quoted: storedQuoteSchema.optional(),
  /** WhatsApp's whole message id, for the host to find it again. */
  waId: z.string(),
  stanzaId: z.string(),
  direction: z.enum(['in', 'out']),
  /** Found by catching up rather than live: it was missed while nobody listened. */
  reconciled: z.boolean(),
  /** Then until when everything had been stored as it came: the same for all messages of one gap. */
  missedSince: instantSchema.optional(),
  /** Who took their reaction back, and when. */
  takenBack: z.array(takenBackSchema).optional(),
});

/** `damaged`: its item can't be read as it is. Never stored. */
export type MessageRecord = z.infer<typeof messageRecordSchema> & { damaged?: true | undefined };
export type Direction = MessageRecord['direction'];
