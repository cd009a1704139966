import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deliverRecords } from './deliver-records.ts';
import type { SequencedRecord } from './stream-records.ts';

const eventSchema = z.object({ Records: z.array(z.object({ eventID: z.string() })) });

function record(id: number): SequencedRecord {
  const rest = { eventName: 'INSERT', eventVersion: '1.1', eventSource: 'aws:dynamodb', awsRegion: 'x' };
  return {
    sequenceNumber: String(id),
    record: { ...rest, eventID: String(id), dynamodb: {}, eventSourceARN: 'arn' },
  };
}

interface Behaviour {
  /** How often each record makes its batch fail before it is taken; Infinity: always. */
  failures: ReadonlyMap<number, number>;
  /** Whether the function names the failed record, or throws. */
  partial: boolean;
  maximumRetryAttempts?: number;
  stopAfterRests?: number;
}

async function deliver(
  count: number,
  { failures, partial, maximumRetryAttempts = 2, stopAfterRests = Infinity }: Behaviour,
) {
  const left = new Map(failures);
  const taken: number[] = [];
  const givenUp: unknown[] = [];
  const progress: number[] = [];
  const pauses: number[] = [];
  const done = await deliverRecords(
    Array.from({ length: count }, (_, index) => record(index)),
    {
      functionName: 'worker',
      maximumRetryAttempts,
      async invoke(_, event) {
        const ids = eventSchema.parse(event).Records.map(({ eventID }) => Number(eventID));
        const broken = ids.find((id) => (left.get(id) ?? 0) > 0);
        if (broken === undefined) {
          taken.push(...ids);
          return {};
        }
        left.set(broken, (left.get(broken) ?? 0) - 1);
        if (!partial) throw new Error('cannot');
        taken.push(...ids.slice(0, ids.indexOf(broken)));
        return { batchItemFailures: [{ itemIdentifier: String(broken) }] };
      },
      async onFailure(records) {
        givenUp.push(...records);
      },
      onProgress: (sequenceNumber) => progress.push(Number(sequenceNumber)),
      async rest(ms) {
        pauses.push(ms);
        return pauses.length < stopAfterRests;
      },
    },
  );
  const lost = z
    .array(z.object({ eventID: z.string() }))
    .parse(givenUp)
    .map(({ eventID }) => Number(eventID));
  return { done, taken, givenUp: lost, progress, pauses };
}

describe('delivery of stream records', () => {
  it('gives up a record that always fails, after its retries, and only that one', async () => {
    const { done, taken, givenUp, progress } = await deliver(5, { failures: new Map([[2, Infinity]]), partial: false });
    expect({ done, taken, givenUp }).toEqual({ done: true, taken: [0, 1, 3, 4], givenUp: [2] });
    expect(progress.at(-1)).toBe(4);
  });

  it('waits longer each time before it tries the same record again', async () => {
    const { pauses } = await deliver(1, {
      failures: new Map([[0, Infinity]]),
      partial: false,
      maximumRetryAttempts: 8,
    });
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('says that it was stopped, and how far it came', async () => {
    const { done, progress } = await deliver(4, {
      failures: new Map([[1, Infinity]]),
      partial: true,
      stopAfterRests: 2,
    });
    expect(done).toBe(false);
    expect(progress).toEqual([0]);
  });

  it('keeps a record that can be put nowhere', async () => {
    const failing = deliverRecords([record(0)], {
      functionName: 'worker',
      maximumRetryAttempts: 0,
      invoke: () => Promise.reject(new Error('cannot')),
      onFailure: () => Promise.reject(new Error('no queue')),
      onProgress: () => undefined,
      rest: () => Promise.resolve(true),
    });
    await expect(failing).rejects.toThrow('no queue');
  });

  it('delivers every record once or gives it up, in order, whatever fails', async () => {
    const behaviour = fc.record({
      count: fc.integer({ min: 0, max: 30 }),
      failing: fc.array(fc.tuple(fc.nat(29), fc.constantFrom(1, 2, 3, 20, Infinity)), { maxLength: 10 }),
      partial: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(behaviour, async ({ count, failing, partial }) => {
        const { done, taken, givenUp, progress } = await deliver(count, { failures: new Map(failing), partial });
        expect(done).toBe(true);
        expect(taken).toEqual([...taken].toSorted((a, b) => a - b));
        expect([...taken, ...givenUp].toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, id) => id));
        expect(progress).toEqual([...progress].toSorted((a, b) => a - b));
        // A function that always fails on one record loses that record only, and one that recovers loses none.
        for (const id of givenUp) expect(new Map(failing).get(id)).toBeGreaterThan(2);
      }),
    );
  });
});
