import type { EventsResponse, UserEvent } from '@top-active/core/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventCursor } from './event-cursor.ts';

function anEvent(seq: number): UserEvent {
  return { type: 'whatsapp.updated', ids: {}, seq, at: '2026-11-23T12:00:00.000Z' };
}

/** A log that answers in pages of `pageSize` and reaches back to `oldest`. */
function aLog({ length, pageSize = 500, oldest = 1 }: { length: number; pageSize?: number; oldest?: number }) {
  const log = { length, reads: 0 };
  async function read(after: number): Promise<EventsResponse> {
    log.reads += 1;
    if (after + 1 < oldest || after > log.length) return { items: [], seq: log.length, reset: true };
    const count = Math.max(0, Math.min(pageSize, log.length - after));
    return { items: Array.from({ length: count }, (_, i) => anEvent(after + 1 + i)), seq: log.length, reset: false };
  }
  return { log, read };
}

function follow({ read }: ReturnType<typeof aLog>, start?: number) {
  const applied: number[] = [];
  let resets = 0;
  const cursor = createEventCursor({
    read,
    start,
    apply: (events) => applied.push(...events.map(({ seq }) => seq)),
    reset: () => (resets += 1),
  });
  return { cursor, applied, resets: () => resets };
}

describe('createEventCursor', () => {
  it('applies a hint that continues the log without asking', async () => {
    const log = aLog({ length: 5 });
    const { cursor, applied } = follow(log, 4);
    await cursor.hear(anEvent(5));
    expect(applied).toEqual([5]);
    expect(log.log.reads).toBe(0);
  });

  it('reads over a gap, in pages, each event once', async () => {
    const { cursor, applied } = follow(aLog({ length: 12, pageSize: 5 }), 0);
    await cursor.hear(anEvent(12));
    expect(applied).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('reads everything anew when the log no longer reaches back, and goes on from there', async () => {
    const { cursor, applied, resets } = follow(aLog({ length: 900, oldest: 700 }), 3);
    await cursor.catchUp();
    await cursor.hear(anEvent(901));
    expect(resets()).toBe(1);
    expect(applied).toEqual([901]);
  });

  it('skips the past in a browser that knows nothing yet', async () => {
    const { cursor, applied, resets } = follow(aLog({ length: 7, pageSize: 3 }));
    await cursor.catchUp();
    expect(applied).toEqual([]);
    expect(resets()).toBe(1);
    expect(cursor.seq()).toBe(7);
  });

  it('keeps its place when reading fails', async () => {
    const log = aLog({ length: 3 });
    let broken = true;
    const { cursor, applied } = follow(
      { ...log, read: (after) => (broken ? Promise.reject(new Error('away')) : log.read(after)) },
      1,
    );
    await expect(cursor.catchUp()).rejects.toThrow('away');
    broken = false;
    await cursor.catchUp();
    expect(applied).toEqual([2, 3]);
  });

  it('applies every event exactly once and in order, whatever hints are lost, doubled or late', async () => {
    const hints = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(hints, fc.integer({ min: 1, max: 7 }), async (heard, pageSize) => {
        const log = aLog({ length: 0, pageSize });
        const { cursor, applied } = follow(log, 0);
        const waiting = heard.map((seq) => {
          log.log.length = Math.max(log.log.length, seq);
          return cursor.hear(anEvent(seq));
        });
        await Promise.all(waiting);
        await cursor.catchUp();
        expect(applied).toEqual(Array.from({ length: log.log.length }, (_, i) => i + 1));
      }),
    );
  });
});
