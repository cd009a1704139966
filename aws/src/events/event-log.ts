import {
  eventSchema,
  type EventsResponse,
  type NewUserEvent,
  type UserEvent,
  type UserId,
} from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import type { Fence } from '../tenants/fence.ts';
import type { Condition, ItemStore, Write } from '../items/item-store.ts';
import { eventNumber, keys, prefixes } from '../items/keys.ts';
import { TransactionRefused } from '../items/transaction-refused.ts';
import { backOff } from '../calls/retry.ts';
import { expiryAfter, instant } from '../items/instants.ts';

/**
 * What a change wants written, all of it or nothing, and what its caller gets. No changes and no events: nothing is
 * written.
 */
export interface Draft<T> {
  changes: readonly Write[];
  events: readonly NewUserEvent[];
  result: T;
}

export interface EventLog {
  /**
   * The only way to change what a user can see. `decide` reads what it needs from the tenant's stores and returns its
   * draft; the draft, its events and the counter are written in one transaction that holds only if nobody else has
   * written since `decide` began. Otherwise `decide` runs again, so it must have no effects of its own. Commits of one
   * user are serialised: what `decide` read is still true when its changes land. Never call `commit` within `decide`.
   * @throws {AppError} `conflict` after too many rounds, `account_erased` once the log is closed; whatever `decide`
   *   throws
   * @throws {FencedError} when a later owner has claimed the user: nothing is written
   */
  commit<T>(decide: () => Promise<Draft<T>>): Promise<T>;
  /**
   * The log after `seq`, at most 500 events; the answer's `seq` is the newest event's, so there may be more to ask for.
   */
  after(seq: number): Promise<EventsResponse>;
  /** Number of the newest event, 0 when there is none. */
  last(): Promise<number>;
  /**
   * Ends the log: from then on nobody commits anything any more, in whatever process. `mayClose` decides, and what it
   * read is still true when the log is closed. False: it decided against it.
   * @throws {AppError} `conflict` after too many rounds
   */
  close(mayClose: () => Promise<boolean>): Promise<boolean>;
}

export interface EventLogOptions {
  userId: UserId;
  items: ItemStore;
  fence: Fence;
  now: () => number;
  /** Gets the events of every commit, in order. */
  onCommitted: (events: readonly UserEvent[]) => Promise<void>;
}

const pageSize = 500;
/** A refused transaction is billed like a written one, a hundred times what reading the counter costs. */
const trustMs = 1_000;
const maxRounds = 60;
const maxWaitMs = 12_000;
const keepSeconds = 7 * 24 * 3600;
const sequenceSchema = z.object({
  seq: z.int(),
  closed: z.boolean().default(false),
  /** Of the host that serves the user. */
  epoch: z.int().optional(),
});
type Sequence = z.infer<typeof sequenceSchema>;

export function createEventLog({ userId, items, fence, now, onCommitted }: EventLogOptions): EventLog {
  /**
   * The counter as this process left it a moment ago. Others may have moved it since: then the transaction fails and it
   * is read anew.
   */
  let known: { seq: number; at: number } | undefined;
  /** Commits of this process go one after the other, so that they don't contend with themselves. */
  let queue: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Sequence> {
    return (await items.get(keys.sequence, sequenceSchema)) ?? { seq: 0, closed: false };
  }

  async function last(): Promise<number> {
    return (await read()).seq;
  }

  /** The log's counter, as a writer needs it. */
  async function readOpen(): Promise<number> {
    const { seq, closed, epoch } = await read();
    if (closed) throw erased();
    fence.admit(epoch);
    return seq;
  }

  async function tryCommit<T>(decide: () => Promise<Draft<T>>): Promise<{ result: T; events: UserEvent[] }> {
    fence.check();
    const trusted = known && now() - known.at < trustMs ? known : undefined;
    const counter = trusted ?? { at: now(), seq: await readOpen() };
    const { seq } = counter;
    // From here on the counter is known only after a success.
    known = undefined;
    const { changes, events, result } = await decide();
    if (changes.length === 0 && events.length === 0) {
      known = counter;
      return { result, events: [] };
    }
    const stamped = stamp(events, { seq, now: now() });
    await items.transact([...writesOf(stamped, { condition: counterAt(seq), seq, now: now() }), ...changes]);
    known = { seq: seq + events.length, at: now() };
    return { result, events: stamped };
  }

  /** The counter has not moved, and no later owner has it. */
  function counterAt(seq: number): Condition {
    return seq === 0 ? 'absent' : { seq, ...fence.condition };
  }

  async function run<T>(decide: () => Promise<Draft<T>>): Promise<T> {
    const began = performance.now();
    for (let round = 1; ; round++) {
      try {
        const { result, events } = await tryCommit(decide);
        if (events.length > 0) await onCommitted(events);
        return result;
      } catch (error) {
        if (!(error instanceof TransactionRefused && error.retryable)) throw error;
        if (round >= maxRounds || performance.now() - began > maxWaitMs) throw busy(userId, error);
        await backOff(round);
      }
    }
  }

  return {
    commit(decide) {
      const outcome = queue.then(() => run(decide));
      // The next one waits for its end; its failure is the caller's.
      queue = outcome.catch(() => undefined);
      return outcome;
    },
    async after(seq) {
      const newest = await last();
      if (seq === newest) return { items: [], seq: newest, reset: false };
      if (seq > newest) return { items: [], seq: newest, reset: true };
      const found = await items.query(
        { prefix: prefixes.event, from: eventNumber(seq + 1), to: eventNumber(newest), limit: pageSize },
        eventSchema,
      );
      // The oldest events have expired, or are about to.
      const gapless = found[0]?.seq === seq + 1 && found.at(-1)?.seq === seq + found.length;
      if (!gapless) return { items: [], seq: newest, reset: true };
      return { items: found, seq: newest, reset: false };
    },
    last,
    async close(mayClose) {
      for (let round = 1; round <= maxRounds; round++) {
        const { seq, closed } = await read();
        if (closed) return true;
        if (!(await mayClose())) return false;
        // The counter moves, so that processes that remember it notice.
        const set = { seq: seq + 1, closed: true };
        if (await items.write({ kind: 'update', sk: keys.sequence, set, condition: counterAt(seq) })) return true;
        await backOff(round);
      }
      throw busy(userId, new Error('The log could not be closed'));
    },
  };
}

function stamp(events: readonly NewUserEvent[], { seq, now }: { seq: number; now: number }): UserEvent[] {
  return events.map((event, i) => ({ ...event, seq: seq + 1 + i, at: instant(now) }));
}

function writesOf(
  events: readonly UserEvent[],
  { condition, seq, now }: { condition: Condition; seq: number; now: number },
): Write[] {
  if (events.length === 0) return [{ kind: 'check', sk: keys.sequence, condition }];
  return [
    { kind: 'update', sk: keys.sequence, set: { seq: seq + events.length }, condition },
    ...events.map((event): Write => ({
      kind: 'put',
      sk: keys.event(event.seq),
      item: { ...event, expiresAt: expiryAfter(now, keepSeconds) },
      condition: 'absent',
    })),
  ];
}

function erased(): AppError {
  return new AppError('account_erased');
}

function busy(userId: UserId, cause: unknown): AppError {
  return new AppError('conflict', {
    status: 503,
    detail: 'Too many changes are being made to this account at once.',
    remedy: 'Wait a moment and try again.',
    retryAfter: 1,
    cause: new Error(`Counter of ${userId} is contended`, { cause }),
  });
}
