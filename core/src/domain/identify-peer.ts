import { isHiddenId } from './wa-id.ts';

/** A chat as far as it tells who its peer is. */
export interface MetChat {
  /** A ULID: the older chat has the smaller one. */
  id: string;
  /** Canonical ids under which its peer was met. */
  waIds: readonly string[];
  /** Chats that were merged into it, itself not among them. */
  merged: readonly string[];
  /** Chats that the owner said are somebody else's. */
  apartFrom: readonly string[];
}

export interface Identification {
  /** The chat of the peer; undefined when it was never met. */
  home: string | undefined;
  /** Chats that turn out to be the same person's as `home`, which is not among them. */
  same: string[];
  /** Ids that lead to `home` from now on. */
  joins: string[];
  /** Numbers that have changed hands, and the chats that they no longer belong to. They are among `joins`. */
  leaves: { waId: string; chatId: string }[];
}

/**
 * Who is meant by ids that WhatsApp tells together as those of one peer.
 *
 * The hidden id (`@lid`) is WhatsApp's own name of an account: two of them are two people, and a number belongs to the
 * one it was told with last. A number alone is whoever had it last. Chats that the owner keeps apart stay so: the id in
 * use then decides.
 * @param told canonical ids, the one in use first
 * @param leads where those that are known lead to
 */
export function identifyPeer(told: readonly string[], leads: ReadonlyMap<string, MetChat>): Identification {
  const hidden = told.filter(isHiddenId);
  const leaves = told.flatMap((waId) => {
    const chat = leads.get(waId);
    return chat && !isHiddenId(waId) && isOfOther(chat, hidden) ? [{ waId, chatId: chat.id }] : [];
  });
  const gone = new Set(leaves.map(({ waId }) => waId));
  const chats = new Map(
    told.flatMap((waId): [string, MetChat][] => {
      const chat = gone.has(waId) ? undefined : leads.get(waId);
      return chat ? [[chat.id, chat]] : [];
    }),
  );
  const [inUse = ''] = told;
  const base = (gone.has(inUse) ? undefined : leads.get(inUse)) ?? oldestOf([...chats.values()]);
  const person = base ? [base] : [];
  for (const chat of chats.values())
    if (!person.includes(chat) && person.every((other) => canBeSamePeer(chat, other))) person.push(chat);
  const home = oldestOf(person)?.id;
  return {
    home,
    same: person.map(({ id }) => id).filter((id) => id !== home),
    joins: told.filter((waId) => gone.has(waId) || !leads.has(waId)),
    leaves,
  };
}

/** Whether two chats that share a peer's id can belong to the same peer, and so be merged. */
export function canBeSamePeer(a: MetChat, b: MetChat): boolean {
  const keptApart = (one: MetChat, other: MetChat) =>
    one.apartFrom.some((id) => id === other.id || other.merged.includes(id));
  if (keptApart(a, b) || keptApart(b, a)) return false;
  return !isOfOther(a, b.waIds.filter(isHiddenId));
}

/** Whether the chat's peer has a hidden id, but none of these. */
function isOfOther({ waIds }: MetChat, hidden: readonly string[]): boolean {
  return hidden.length > 0 && waIds.some(isHiddenId) && !hidden.some((waId) => waIds.includes(waId));
}

function oldestOf(chats: readonly MetChat[]): MetChat | undefined {
  return chats.toSorted((a, b) => (a.id < b.id ? -1 : 1))[0];
}
