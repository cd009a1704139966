import { keys, prefixes } from '../items/keys.ts';
import { ttlAttribute } from '../table-definitions.ts';

/**
 * What of an item DynamoDB may read: ids of ours, times, states and counters. Everything else is sealed, so that a new
 * field is sealed unless somebody lists it here.
 */
export interface KindOfItem {
  /** Attributes that stay readable, beside those that each item may have. `all`: nothing a person wrote is in it. */
  clear: readonly string[] | 'all';
  /** The sort key holds what a person is called, or what somebody else made up: a keyed hash stands in its place. */
  named?: true | undefined;
}

/** Needed by DynamoDB itself, by the index, and by who follows a change through the logs. */
const alwaysClear: ReadonlySet<string> = new Set(['pk', 'sk', 'byActivity', ttlAttribute, 'traceId']);

const kinds: Readonly<Record<string, KindOfItem>> = {
  [keys.sequence]: { clear: 'all' },
  [keys.checkpoint]: { clear: 'all' },
  [keys.profile]: { clear: ['id', 'createdAt'] },
  // Hosts of other terms are kept out by what stands here.
  [keys.whatsapp]: { clear: ['state', 'since', 'desired', 'generation', 'epoch', 'checkpointAt'] },
  // Sealed by its store, with a key of its own.
  [prefixes.passkeyAnswer]: { clear: 'all' },
  [prefixes.credential]: {
    clear: ['provider', 'secret', 'version', 'state', 'problem', 'modelEnds', 'simulated', 'createdAt', 'checkedAt'],
  },
  [prefixes.oauthState]: { clear: 'all' },
  [prefixes.peer]: { clear: ['chatId'], named: true },
  // The stream's reader decides by these whether the assistant has something to do.
  [prefixes.chat]: { clear: ['id', 'assistantMode', 'isGroup', 'lastInboundId', 'lastOutboundId', 'mergedInto'] },
  // So that one whose seal is broken still stands on its side.
  [prefixes.message]: { clear: ['direction'] },
  [prefixes.stanza]: { clear: ['messageId'], named: true },
  [prefixes.command]: {
    clear: [
      'id',
      'kind',
      'state',
      'createdAt',
      'updatedAt',
      'attempts',
      'messageId',
      'failure',
      'claimedBy',
      'claimedEpoch',
      'suggestionId',
    ],
  },
  [prefixes.pending]: { clear: 'all' },
  [prefixes.outgoing]: { clear: 'all' },
  // The key is the caller's own, and the hash of a short text tells the text.
  [prefixes.idempotency]: { clear: ['commandId'], named: true },
  [prefixes.suggestion]: { clear: ['id', 'chatId', 'state', 'books', 'commandId', 'createdAt'] },
  [prefixes.openSuggestion]: { clear: 'all' },
  [prefixes.appointment]: { clear: ['id', 'chatId', 'suggestionId', 'createdAt'] },
  [prefixes.event]: { clear: 'all' },
  [prefixes.ticket]: { clear: 'all' },
  [prefixes.connection]: { clear: 'all' },
  [prefixes.login]: { clear: 'all' },
  [keys.loginsEnded]: { clear: 'all' },
  [prefixes.usage]: { clear: 'all' },
  [keys.search]: { clear: 'all' },
  [prefixes.searchPart]: { clear: [] },
};

/** @throws {TypeError} for a sort key of a kind that isn't listed: what of it may be read has to be decided first */
export function kindOf(sk: string): KindOfItem {
  const end = sk.indexOf('#');
  const kind = kinds[end === -1 ? sk : sk.slice(0, end + 1)];
  if (!kind)
    throw new TypeError(`What of an item ${sk.split('#', 1)[0]} may be readable is not said in sealed-kinds.ts`);
  return kind;
}

export function isClear({ clear }: KindOfItem, attribute: string): boolean {
  return clear === 'all' || clear.includes(attribute) || alwaysClear.has(attribute);
}
