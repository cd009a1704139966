import { instantSchema, messageSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import { storedQuoteSchema } from './stored-content.ts';

/** A reaction that was taken back is remembered: WhatsApp may still tell of it when it has long known better. */
const takenBackSchema = z.object({ who: z.string(), at: instantSchema });

/** A message's item: what is written is parsed with it, and so is what is read. */
export const messageRecordSchema = messageSchema.extend({
  quoted: storedQuoteSchema.optional(),
  waId: z.string(),
  stanzaId: z.string(),
  direction: z.enum(['in', 'out']),
  reconciled: z.boolean(),
  missedSince: instantSchema.optional(),
  takenBack: z.array(takenBackSchema).optional(),
});
