import type { Faults } from './faults.ts';

/** What WhatsApp forbids an account for a time: as it is set, and as its linked devices are told. */

export interface Restrictions {
  /** Times: Unix, milliseconds. */
  reachout: { type: string; endsAt: number | null } | null;
  newChats: { status: string; total: number; used: number; startsAt: number; endsAt: number } | null;
}

/** How WhatsApp's server refuses a message, by number: 463 is the time lock, 475 the used-up quota. */
export type Nack = 463 | 475;

const cycleMs = 30 * 24 * 60 * 60 * 1000;

/** Ends are told from now on. */
export function withEnds(changes: Partial<Faults>, now: number): Partial<Faults> {
  const { reachoutTimelock: lock, newChatCap: cap } = changes;
  return {
    ...changes,
    ...(lock && { reachoutTimelock: { ...lock, endsAt: lock.endsInMs === null ? null : now + lock.endsInMs } }),
    ...(cap && { newChatCap: { ...cap, endsAt: now + cap.endsInMs } }),
  };
}

/** What is in force now. */
export function restrictionsOf({ reachoutTimelock: lock, newChatCap: cap }: Faults, now: number): Restrictions {
  const lockEnds = lock?.endsAt ?? null;
  const capEnds = cap?.endsAt ?? 0;
  return {
    reachout: lock === null || (lockEnds !== null && lockEnds <= now) ? null : { type: lock.type, endsAt: lockEnds },
    newChats:
      cap === null || capEnds <= now
        ? null
        : { status: cap.status, total: cap.total, used: cap.used, startsAt: capEnds - cycleMs, endsAt: capEnds },
  };
}

/** Only chats in which the other has written before carry a token, and go on. */
export function nackFor({ reachout, newChats }: Restrictions, hasToken: boolean): Nack | undefined {
  if (hasToken) return undefined;
  if (reachout !== null) return 463;
  return newChats?.status === 'CAPPED' ? 475 : undefined;
}
