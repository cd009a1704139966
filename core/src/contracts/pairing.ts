import { z } from 'zod';
import { instantSchema } from './ids.ts';

/** A link by a code that is typed on the phone. Without `code` and `failure` it is being asked for. */
export const pairingSchema = z.object({
  /** International digits of the phone that it is for. */
  phone: z.string(),
  /** Eight characters. Capitals and digits. */
  code: z.string().optional(),
  expiresAt: instantSchema.optional(),
  /** Why WhatsApp gave none. */
  failure: z.enum(['not_on_whatsapp', 'too_many', 'unavailable']).optional(),
});
export type Pairing = z.infer<typeof pairingSchema>;
