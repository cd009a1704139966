import type { Restriction } from '@top-active/core/contracts';
import type { Page } from 'puppeteer';
import { isReadingDue, type RestrictionWatchLimits, type Reading } from './reading-schedule.ts';
import { readRestrictionPrefs, readRestrictionSign } from '../page/calls/read-restrictions.ts';
import type { NoteFailure } from '../note-failures.ts';
import { activeAt, restrictionsIn } from './restrictions-in.ts';

export interface RestrictionWatch {
  /** What holds now, as far as it is known. */
  readonly active: Restriction[];
  /** Reads where it is due. Called at each heartbeat; never rejects. */
  look(page: Page): Promise<void>;
  /** WhatsApp has refused something: the next look reads, whatever the page's memory says. */
  refused(): void;
}

/**
 * Knows what WhatsApp forbids the account for a time, and tells it whenever that changes. The page is asked, never
 * WhatsApp: it hears of a restriction by itself, and keeps it.
 */
export function createRestrictionWatch({
  limits,
  emit,
  noteFailure,
}: {
  limits: RestrictionWatchLimits;
  noteFailure: NoteFailure;
  emit: (restrictions: Restriction[]) => void;
}): RestrictionWatch {
  let last: Reading | undefined;
  let told = '[]';
  let isLooking = false;

  async function read(page: Page): Promise<void> {
    const sign = await readRestrictionSign(page);
    const now = performance.now();
    if (isReadingDue(last, { sign, now, limits }))
      last = { at: now, sign, known: restrictionsIn(await readRestrictionPrefs(page), Date.now()) };
    const active = activeAt(last?.known ?? [], Date.now());
    const news = JSON.stringify(active);
    if (news === told) return;
    told = news;
    emit(active);
  }

  return {
    get active() {
      return activeAt(last?.known ?? [], Date.now());
    },
    async look(page) {
      if (isLooking) return;
      isLooking = true;
      // What can't be read says nothing new: what was known goes on to hold.
      await read(page).catch((error: unknown) => noteFailure('reading restrictions', error));
      isLooking = false;
    },
    refused() {
      last = undefined;
    },
  };
}
