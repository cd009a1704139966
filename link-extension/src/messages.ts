import type { SignedCredential } from './credential.ts';
import { record, type PasskeyRequest } from './request.ts';

/** What the card in WhatsApp's tab asks of the background script. */
export type CardMessage =
  | { type: 'show' }
  | { type: 'begin' }
  | { type: 'cancelled' }
  | { type: 'signed'; credential: unknown }
  | { type: 'refuse' };

const cardMessages: readonly unknown[] = [
  'show',
  'begin',
  'cancelled',
  'signed',
  'refuse',
] satisfies CardMessage['type'][];

export function isCardMessage(message: unknown): message is CardMessage {
  return cardMessages.includes(record(message)?.['type']);
}

/** What the card gets to show. */
export interface Shown {
  askingOrigin: string;
  /** The user has never signed for this address. */
  isNew: boolean;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface CardReplies {
  show: Shown | undefined;
  /** Undefined: there is nothing to sign any more. */
  begin: PasskeyRequest | undefined;
  cancelled: undefined;
  /** Whether the page that asked has got it. */
  signed: boolean;
  refuse: undefined;
}

/** What the page that asked is told, by `postMessage` within itself. */
export type PageAnswer = { type: 'top-active-passkey-answer'; v: 1; requestId: string } & (
  | { outcome: 'opened' | 'closed' | 'refused' }
  | { outcome: 'signed'; credential: SignedCredential }
);

export type Outcome =
  | { outcome: 'opened' | 'closed' | 'refused' }
  | { outcome: 'signed'; credential: SignedCredential };
