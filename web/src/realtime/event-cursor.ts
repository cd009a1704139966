import type { EventsResponse, UserEvent } from '@top-active/core/contracts';

export interface EventCursorOptions {
  read: (after: number) => Promise<EventsResponse>;
  apply: (events: UserEvent[]) => void;
  /** The log doesn't reach back: everything on the screen has to be read anew. */
  reset: () => void;
  /** The seq up to which this browser knows everything; absent on a new one. */
  start?: number | undefined;
  remember?: ((seq: number) => void) | undefined;
}

/**
 * Follows the user's event log. Hints that continue it are applied at once; after a gap the log itself is read, so that
 * nothing is lost when hints are.
 */
export type EventCursor = ReturnType<typeof createEventCursor>;

export function createEventCursor({ read, apply, reset, start, remember }: EventCursorOptions) {
  let known = start;
  let wanted = 0;
  let reading: Promise<void> | undefined;

  function moveTo(seq: number): void {
    known = seq;
    remember?.(seq);
  }

  /** Reads the log until its end. Concurrent callers share one reading. */
  function catchUp(): Promise<void> {
    reading ??= readToEnd().finally(() => (reading = undefined));
    return reading;
  }

  async function readToEnd(): Promise<void> {
    const isNew = known === undefined;
    let more = true;
    while (more) {
      const before: number = known ?? 0;
      const page = await read(before);
      const last = page.items.at(-1)?.seq ?? page.seq;
      if (page.reset) moveTo(page.seq);
      else moveTo(Math.max(before, last));
      if (page.reset && !isNew) reset();
      else if (!isNew && page.items.length > 0) apply(page.items.filter((event) => event.seq > before));
      more = !page.reset && page.items.length > 0 && (known ?? 0) < Math.max(page.seq, wanted);
    }
    if (isNew) reset();
  }

  return {
    catchUp,
    /** A hint from the socket. */
    async hear(event: UserEvent): Promise<void> {
      wanted = Math.max(wanted, event.seq);
      if (known !== undefined && event.seq <= known) return;
      if (known !== undefined && event.seq === known + 1 && !reading) {
        moveTo(event.seq);
        apply([event]);
        return;
      }
      await catchUp();
      if ((known ?? 0) < wanted) await catchUp();
    },
    seq: () => known,
  };
}
