import type { Hono } from 'hono';
import { z } from 'zod';

/** An e-mail that a service would have sent. */
interface Mail {
  to: string;
  subject: string;
  text: string;
  kind: string;
  code?: string | undefined;
  /** Unix time, milliseconds. */
  at: number;
}

export interface StoredMail extends Mail {
  /** Order of arrival, from 1. */
  id: number;
}

export const mailQuerySchema = z.strictObject({
  /** Only to this address. */
  to: z.email().optional(),
  /** Only younger ones than this id. */
  after: z.coerce.number().int().min(0).optional(),
});
type MailQuery = z.output<typeof mailQuerySchema>;

export interface Mailbox {
  /** The page, to be mounted at `/mailbox`. */
  app: Hono;
  deliver(mail: Mail): void;
  /** Newest first, at most 200. */
  list(query?: MailQuery): StoredMail[];
  clear(): void;
  /** Calls back after each delivery; answers the function that ends it. */
  subscribe(listener: () => void): () => void;
  close(): void;
}
