import type { ChatSeen, NewerChat, Search } from './newer-chats.ts';

/** A message that came into the page's collection. */
export interface Arrival {
  peer: string;
  stanzaId: string;
  fromMe: boolean;
  /** Epoch seconds. */
  t: number;
  type: string;
}

/** All in milliseconds of a monotonic clock. */
export interface CompareLimits {
  /** From arrival in the page until the library has told of it, at most. */
  tellMs: number;
  /** From telling until it is stored, at most, unless its chat's queue is still at work. */
  storeMs: number;
  /** The same, whatever the queue does. */
  storeInAnyCaseMs: number;
  /** From a chat that is newer than any message that was told of it until it is looked into. */
  silentMs: number;
  /** A page that was silent again after so long is silent for good. */
  silentAgainMs: number;
}

export const defaultCompareLimits: CompareLimits = {
  tellMs: 20_000,
  storeMs: 60_000,
  storeInAnyCaseMs: 600_000,
  silentMs: 20_000,
  silentAgainMs: 60_000,
};

/** What became of one message, by the times at which it was known. */
export interface Passage extends Arrival {
  /** It was seen in the page. */
  seenAt?: number;
  /** The library has told of it, so that it could be read. */
  toldAt?: number;
  /** Told by the witness, which had to be asked for it. */
  deliveredAt?: number;
  storedAt?: number;
  /** So often it was told anew since it wasn't stored. */
  retries: number;
}

export interface Comparison {
  /** By direction and stanza id, oldest first. */
  passages: ReadonlyMap<string, Passage>;
  /** Chats that have more than what was told of them, by their ids. */
  newer: ReadonlyMap<string, NewerChat>;
  /** When the unread of each chat were last compared with what was told; of the others, `countedAt`. */
  counted: ReadonlyMap<string, number>;
  countedAt: number;
  /** An event came that could not be read; of which message is not known. */
  unreadableAt: number | undefined;
  storedAt: number;
  /** What was found since messages last came through as they should. */
  late: boolean;
  unreadable: boolean;
  failing: boolean;
  /** Messages in a row that came through by themselves. */
  proofs: number;
  /** Times at which a look into a chat found what had come without a sign. */
  silences: readonly number[];
  /** A restart was asked for; once for a document. */
  restartAsked: boolean;
}

export type CompareEvent = { at: number } & (
  | { type: 'arrived'; arrivals: readonly Arrival[] }
  | { type: 'told'; message: Arrival }
  /** The library has told of a message that can't be read. */
  | { type: 'unreadable' }
  /** The witness has told of it; `damaged`: of no more than that it exists. */
  | { type: 'delivered'; message: Arrival; damaged: boolean }
  /** It is no message of a person's. */
  | { type: 'ignored'; message: Arrival }
  | { type: 'stored'; message: Pick<Arrival, 'stanzaId' | 'fromMe'> }
  /** What the chats hold by now counts as known. */
  | { type: 'known-so-far' }
  | { type: 'newer-chats'; chats: readonly ChatSeen[] }
  /** A chat was looked into, and so many messages were found of which nothing was known. */
  | { type: 'looked-into'; peer: string; found: number }
  | { type: 'look-failed'; peer: string }
);

export type Act =
  /** Read these from the page and tell of them. */
  | { type: 'deliver'; why: 'deaf' | 'unreadable' | 'unstored'; messages: Arrival[] }
  /** Fetch what this chat lacks. */
  | { type: 'look-into'; search: Search }
  /** The chat holds nothing new up to this second, with so many unread. */
  | { type: 'settle'; peer: string; t: number; unread: number }
  /** A new document may hear what this one doesn't. */
  | { type: 'restart' };

export function beginComparison(at: number): Comparison {
  return {
    passages: new Map(),
    newer: new Map(),
    counted: new Map(),
    countedAt: at,
    unreadableAt: undefined,
    storedAt: at,
    late: false,
    unreadable: false,
    failing: false,
    proofs: 0,
    silences: [],
    restartAsked: false,
  };
}
