import type { Reception } from '@top-active/core/contracts';
import { findMissing, searchFor, type ChatSeen, type NewerChat } from './newer-chats.ts';
import type { Arrival, CompareLimits, Passage, Comparison, CompareEvent, Act } from './comparison.ts';

const remembered = 256;
const looksAtOnce = 5;
const proofsUntilOk = 3;
const retriesUntilFailing = 3;
const failuresUntilFailing = 4;
const firstLookAgainMs = 15_000;

/** Of one message, whichever id of its chat it is told under. */
function keyOf({ stanzaId, fromMe }: Pick<Arrival, 'stanzaId' | 'fromMe'>): string {
  return `${fromMe ? 'out' : 'in'} ${stanzaId}`;
}

/** How messages come through. */
export function receptionOf({ failing, unreadable, late }: Comparison): Reception['state'] {
  if (failing) return 'failing';
  if (unreadable) return 'unreadable';
  return late ? 'late' : 'ok';
}

export function isKnown({ passages }: Comparison, message: Pick<Arrival, 'stanzaId' | 'fromMe'>): boolean {
  return passages.has(keyOf(message));
}

/** Takes in what happened. */
export function compare(known: Comparison, event: CompareEvent): Comparison {
  const { at } = event;
  switch (event.type) {
    case 'arrived':
      return event.arrivals.reduce((next, arrival) => note(next, arrival, { seenAt: at }), known);
    case 'told':
      return note(known, event.message, { toldAt: at });
    case 'unreadable':
      return { ...known, unreadableAt: at };
    case 'delivered': {
      const { unreadable, ...rest } = note(known, event.message, { deliveredAt: at });
      return { ...rest, late: true, unreadable: unreadable || event.damaged, proofs: 0 };
    }
    case 'ignored':
      return note(known, event.message, { toldAt: at, storedAt: at });
    case 'stored':
      return stored(known, keyOf(event.message), at);
    case 'known-so-far':
      return { ...known, counted: new Map(), countedAt: at };
    case 'newer-chats':
      return { ...known, newer: event.chats.reduce((newer, chat) => noteNewer(newer, chat, at), known.newer) };
    case 'looked-into':
      return lookedInto(known, event);
    case 'look-failed':
      return lookFailed(known, event);
    default:
      return event satisfies never;
  }
}

function note(known: Comparison, message: Arrival, change: Partial<Passage>): Comparison {
  const key = keyOf(message);
  const { peer, stanzaId, fromMe, t, type } = message;
  const before = known.passages.get(key) ?? { peer, stanzaId, fromMe, t, type, retries: 0 };
  const passages = new Map(known.passages).set(key, { ...before, ...without(change, before) });
  for (const [oldest] of passages) {
    if (passages.size <= remembered) break;
    passages.delete(oldest);
  }
  return { ...known, passages };
}

/** The first time of each kind counts. */
function without(change: Partial<Passage>, before: Passage): Partial<Passage> {
  return Object.fromEntries(Object.entries(change).filter(([name]) => Reflect.get(before, name) === undefined));
}

function stored(known: Comparison, key: string, at: number): Comparison {
  const before = known.passages.get(key);
  if (!before || before.storedAt !== undefined) return { ...known, storedAt: at };
  const passages = new Map(known.passages).set(key, { ...before, storedAt: at });
  const next = { ...known, passages, storedAt: at };
  if (before.seenAt === undefined || before.toldAt === undefined || before.deliveredAt !== undefined) return next;
  const proofs = known.proofs + 1;
  if (proofs < proofsUntilOk) return { ...next, proofs };
  const isFailing = [...passages.values()].some(isGivenUp);
  return { ...next, proofs, late: false, unreadable: false, failing: isFailing };
}

function isGivenUp({ storedAt, retries }: Passage): boolean {
  return storedAt === undefined && retries >= retriesUntilFailing;
}

function noteNewer(newer: ReadonlyMap<string, NewerChat>, seen: ChatSeen, at: number): ReadonlyMap<string, NewerChat> {
  const { since, lookAt, failures } = newer.get(seen.peer) ?? { since: at, lookAt: at, failures: 0 };
  return new Map(newer).set(seen.peer, { ...seen, since, lookAt, failures });
}

function lookedInto(known: Comparison, { peer, found, at }: { peer: string; found: number; at: number }): Comparison {
  const newer = new Map(known.newer);
  newer.delete(peer);
  const counted = new Map(known.counted).set(peer, at);
  if (found === 0) return { ...known, newer, counted };
  return { ...known, newer, counted, late: true, proofs: 0, silences: [...known.silences.slice(-9), at] };
}

function lookFailed(known: Comparison, { peer, at }: { peer: string; at: number }): Comparison {
  const before = known.newer.get(peer);
  if (!before) return known;
  const failures = before.failures + 1;
  const newer = new Map(known.newer);
  // The next catch-up has it.
  if (failures >= failuresUntilFailing) newer.delete(peer);
  else newer.set(peer, { ...before, failures, lookAt: at + firstLookAgainMs * 2 ** (failures - 1) });
  return { ...known, newer, failing: known.failing || failures >= failuresUntilFailing, proofs: 0 };
}

/** What is to be done by now. What is returned counts as begun: nothing is asked for twice at once. */
export function decide(known: Comparison, at: number, limits: CompareLimits): { next: Comparison; acts: Act[] } {
  const acts: Act[] = [];
  const passages = new Map(known.passages);
  let { failing, restartAsked, unreadableAt } = known;

  const untold = [...passages.values()].filter((passage) => isUntold(passage));
  // The news of the page is read some seconds after what the library tells.
  const isHeard = ({ seenAt = at }: Passage) =>
    known.unreadableAt !== undefined && seenAt - known.unreadableAt < limits.tellMs / 2;
  const unreadable = untold.filter(isHeard);
  const deaf = untold.filter((passage) => !isHeard(passage) && at - (passage.seenAt ?? at) >= limits.tellMs);
  const unstored = [...passages.values()].filter((passage) => isUnstored(passage, { known, at, limits }));
  for (const [why, found] of [
    ['unreadable', unreadable],
    ['deaf', deaf],
    ['unstored', unstored],
  ] as const) {
    if (found.length === 0) continue;
    acts.push({ type: 'deliver', why, messages: found.map(arrivalOf) });
    for (const passage of found)
      passages.set(keyOf(passage), {
        ...passage,
        // Until it is told, this much time is given again.
        ...(why !== 'unstored' && { seenAt: at }),
        ...(why === 'unstored' && { toldAt: at, retries: passage.retries + 1 }),
      });
  }
  if (unreadable.length > 0) unreadableAt = undefined;
  if (unstored.some(({ retries }) => retries + 1 >= retriesUntilFailing)) failing = true;

  const newer = new Map(known.newer);
  const counted = new Map(known.counted);
  for (const [peer, chat] of known.newer) {
    const lack = findMissing(chat, passages.values(), counted.get(peer) ?? known.countedAt);
    if (!lack.isNewer && lack.missing === 0) {
      newer.delete(peer);
      counted.set(peer, at);
      acts.push({ type: 'settle', peer, t: chat.t, unread: chat.unread });
    } else if (at >= chat.lookAt && at - chat.since >= limits.silentMs) {
      if (acts.filter(({ type }) => type === 'look-into').length >= looksAtOnce) continue;
      acts.push({ type: 'look-into', search: searchFor(chat, lack, passages.values()) });
      newer.set(peer, { ...chat, lookAt: at + firstLookAgainMs * 4 });
    }
  }

  const [first = at] = known.silences;
  if (!restartAsked && (known.silences.at(-1) ?? at) - first >= limits.silentAgainMs) {
    restartAsked = true;
    acts.push({ type: 'restart' });
  }
  return { next: { ...known, passages, newer, counted, failing, restartAsked, unreadableAt }, acts };
}

function isUntold({ seenAt, toldAt, deliveredAt }: Passage): boolean {
  return seenAt !== undefined && toldAt === undefined && deliveredAt === undefined;
}

function isUnstored(
  { toldAt, deliveredAt, storedAt, retries, peer }: Passage,
  { known, at, limits }: { known: Comparison; at: number; limits: CompareLimits },
): boolean {
  const since = Math.max(toldAt ?? -Infinity, deliveredAt ?? -Infinity);
  if (since === -Infinity || storedAt !== undefined || retries >= retriesUntilFailing) return false;
  if (at - since < limits.storeMs) return false;
  if (at - since >= limits.storeInAnyCaseMs || at - known.storedAt >= limits.storeMs) return true;
  // A chat's messages are stored in their order.
  return [...known.passages.values()].some(
    (other) => other.peer === peer && (other.toldAt ?? 0) > since && other.storedAt !== undefined,
  );
}

function arrivalOf({ peer, stanzaId, fromMe, t, type }: Passage): Arrival {
  return { peer, stanzaId, fromMe, t, type };
}
