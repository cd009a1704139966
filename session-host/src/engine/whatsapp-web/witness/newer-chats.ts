/** A chat of the page's that has more than it had when everything of it was known here. */
export interface ChatSeen {
  peer: string;
  /** Second of its newest message, by the page's list of chats. */
  t: number;
  /** Up to this second everything was known; 0 of a chat that is new. */
  known: number;
  /** How many are unread, as WhatsApp counts. */
  unread: number;
  /** By how many there are more unread than when everything was known; 0 of a chat that is new. */
  more: number;
}

/** What the page has more than what was told. Times in milliseconds of a monotonic clock. */
export interface NewerChat extends ChatSeen {
  since: number;
  lookAt: number;
  failures: number;
}

/** What is known of one message, as far as it shows which messages a chat is missing. */
export interface Heard {
  peer: string;
  stanzaId: string;
  fromMe: boolean;
  t: number;
  seenAt?: number;
  toldAt?: number;
  deliveredAt?: number;
}

/** Which messages of a chat are missing. */
export interface MissingMessages {
  /** Second of the newest message that was reported for it; 0: none in this document. */
  newestTold: number;
  /** The chat is newer than that message. */
  isNewer: boolean;
  /** How many more unread messages WhatsApp counts than were reported. */
  missing: number;
}

/** @param countedAt when the chat's unread were last compared: what was met since is what may be more */
export function findMissing(chat: ChatSeen, heard: Iterable<Heard>, countedAt: number): MissingMessages {
  const own = [...heard].filter(({ peer }) => peer === chat.peer);
  const newestTold = Math.max(0, ...own.map(({ t }) => t));
  const met = own.filter((message) => !message.fromMe && metAt(message) > countedAt);
  return {
    newestTold,
    isNewer: chat.t > chat.known && newestTold < chat.t,
    missing: Math.max(0, chat.more - met.length),
  };
}

function metAt({ seenAt = Infinity, toldAt = Infinity, deliveredAt = Infinity }: Heard): number {
  return Math.min(seenAt, toldAt, deliveredAt);
}

/** Where to look for a chat's missing messages. Seconds. */
export interface Search extends MissingMessages {
  peer: string;
  /** From here on everything that is not known is news, where the chat is newer than what was told. */
  newsFrom: number;
  /** From here on, as many as WhatsApp counts more are news. */
  countedFrom: number;
}

export function searchFor(chat: ChatSeen, lack: MissingMessages, heard: Iterable<Heard>): Search {
  // Of the second up to which all was known only what came into this document can be told from what was there before.
  const isOfDocument = [...heard].some(({ peer, t }) => peer === chat.peer && t === chat.known);
  return {
    ...lack,
    peer: chat.peer,
    newsFrom: lack.newestTold === 0 ? chat.t : lack.newestTold,
    countedFrom: isOfDocument ? chat.known : chat.known + 1,
  };
}

/** From which second on the chat is to be fetched. */
export function startOf({ isNewer, missing, newsFrom, countedFrom }: Search): number {
  if (missing === 0) return newsFrom;
  return isNewer ? Math.min(newsFrom, countedFrom) : countedFrom;
}

/** What of a chat's messages, ascending, is what it lacked. */
export function newsOf<M extends { sentAt: number; fromMe: boolean }>(
  messages: readonly M[],
  { isNewer, missing, newsFrom, countedFrom }: Search,
  isKnown: (message: M) => boolean,
): M[] {
  const unknown = messages.filter((message) => !isKnown(message));
  const incoming = unknown.filter(({ fromMe, sentAt }) => !fromMe && sentAt >= countedFrom);
  const counted = new Set(missing === 0 ? [] : incoming.slice(-missing));
  return unknown.filter((message) => counted.has(message) || (isNewer && message.sentAt >= newsFrom));
}
