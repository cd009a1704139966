import { quotedMessageSchema, type MessageContent } from '@top-active/core/contracts';
import { z } from 'zod';

/** As the API shows it, and how WhatsApp names the quoted message: when that is deleted, its words go from here too. */
export const storedQuoteSchema = quotedMessageSchema.extend({ stanzaId: z.string().optional() });
export type StoredQuote = z.infer<typeof storedQuoteSchema>;

export interface StoredContent extends Omit<MessageContent, 'quoted'> {
  quoted?: StoredQuote | undefined;
}
