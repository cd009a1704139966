import type { Contact } from '@top-active/aws';
import type { Sender } from './to-incoming.ts';

/** What is known of a message beside what the engine tells. */
export interface StoreOptions {
  contact: Contact;
  sender?: Sender | undefined;
  /** Found by catching up: until when everything had been stored as it came. */
  missedSince?: string | undefined;
}
