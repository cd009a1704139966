import type { Faults } from './faults.ts';
import type { StoredNote } from './notes.ts';
import type { ServerFrame } from './wire.ts';

export interface NoteStream {
  push(stored: StoredNote, options?: { silent?: boolean | undefined }): void;
  /** Notes may be confirmed in any order; only what has nothing unconfirmed before it counts. */
  confirm(seqs: readonly number[]): void;
  close(): void;
}

interface Options {
  send: (frame: ServerFrame) => void;
  faults: () => Faults;
  start: { confirmed: number; received: number };
  persist: (progress: { confirmed: number; received: number }) => void;
}

/** How long arrivals that wait to be reordered are held back when no more come. */
const holdMs = 250;

/** The notes that one connection carries, and the faults that befall them on the way. */
export function createNoteStream({ send, faults, start, persist }: Options): NoteStream {
  const inFlight = new Set<number>();
  let { confirmed, received } = start;
  let newest = start.confirmed;
  let held: ServerFrame[] = [];
  let timer: NodeJS.Timeout | undefined;

  function push({ seq, note }: StoredNote, options?: { silent?: boolean | undefined }): void {
    const { maxAck, announceTwice, reorder } = faults();
    newest = Math.max(newest, seq);
    if (note.type === 'ack' && note.ack > maxAck) return;
    inFlight.add(seq);
    const again = announceTwice && note.type === 'message';
    const frame: ServerFrame = {
      t: 'note',
      seq,
      note,
      again: again || undefined,
      silent: options?.silent || undefined,
    };
    if (reorder < 2 || note.type !== 'message') send(frame);
    else hold(frame, reorder);
  }

  function hold(frame: ServerFrame, count: number): void {
    held.push(frame);
    if (held.length >= count) release();
    else timer ??= setTimeout(release, holdMs).unref();
  }

  function release(): void {
    clearTimeout(timer);
    timer = undefined;
    const frames = held.toReversed();
    held = [];
    for (const frame of frames) send(frame);
  }

  return {
    push,
    confirm(seqs) {
      for (const seq of seqs) if (inFlight.delete(seq)) received += 1;
      const [oldest] = inFlight;
      confirmed = oldest === undefined ? newest : oldest - 1;
      persist({ confirmed, received });
    },
    close: () => clearTimeout(timer),
  };
}
