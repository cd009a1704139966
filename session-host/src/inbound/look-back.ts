import type { ChatRecord } from '@top-active/aws';
import type { EngineMessage } from '../engine/engine.ts';

/** Clocks differ, and a message can be older than its arrival: look back further than seems necessary. Seconds. */
const overlap = 120;
/** WhatsApp lets a message be edited for so long after it was sent: one that changed meanwhile isn't older. Seconds. */
const editable = 15 * 60;
/** Of each chat at the first link. */
const historyMessages = 20;
/** So many are looked at again in any case: the older ones may have been deleted, or read. */
const lookedAtAgain = 20;
/**
 * Of one chat, at one return: what is older stays on the phone. A group that never sleeps writes some thousands a day.
 */
const atMost = 20_000;

/** From when on nobody listened, and when WhatsApp was asked for what came meanwhile. */
export interface Absence {
  since: Date;
  until: Date;
}

/** Since when what is new or has changed may not be stored. Epoch seconds. */
export function changedSince(caughtUpAt: Date): number {
  return secondOf(caughtUpAt) - overlap - editable;
}

/**
 * The range of a chat's messages that WhatsApp is asked for.
 * @param options.newest second of the newest message that is stored; undefined: none is
 * @param options.now epoch seconds
 * @returns `from`: what is sent before then, and isn't stored, was never wanted
 */
export function rangeOf(options: {
  gap: Absence | undefined;
  newest: number | undefined;
  history: boolean;
  now: number;
}): { from: number; asked: { since: number; atLeast: number; atMost: number } } {
  const { gap, newest, history, now } = options;
  const began = gap ? secondOf(gap.since) - overlap : now;
  const from = newest === undefined ? began : Math.min(began, newest - overlap);
  return {
    from,
    asked: {
      since: newest === undefined ? from : from - editable,
      atLeast: newest === undefined || history ? historyMessages : lookedAtAgain,
      atMost,
    },
  };
}

/** What is older than the link is history, and what is newer than the question is live. */
export function isMissed({ sentAt }: Pick<EngineMessage, 'sentAt'>, { since, until }: Absence): boolean {
  return sentAt >= secondOf(since) - overlap && sentAt <= secondOf(until);
}

/**
 * Epoch second of a chat's newest message that is stored; undefined: none is. The first 13 digits of a message id are
 * its second in milliseconds, and its place within that second.
 */
export function newestSecond(record: Pick<ChatRecord, 'lastOrder'> | undefined): number | undefined {
  return record === undefined || record.lastOrder === '' ? undefined : Math.floor(Number(record.lastOrder) / 1000);
}

function secondOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
