import { AppError, PermanentError } from '@top-active/core/errors';
import { FencedError, TransactionRefused, type Log } from '@top-active/aws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { useTestClock } from '../commands/test-clock.ts';
import { isRefusal, untilStored } from './until-stored.ts';

/** A write that meets these faults one after the other, when it was tried, and what was logged. */
function writing(faults: readonly Error[], { signal = new AbortController().signal } = {}) {
  const tries: number[] = [];
  const logged: unknown[] = [];
  const note = (message: string, fields?: object) => void logged.push([message, fields]);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const began = Date.now();
  const write = () => {
    const fault = faults[tries.push(Date.now() - began) - 1];
    return fault ? Promise.reject(fault) : Promise.resolve('stored');
  };
  return { outcome: untilStored(write, { what: 'message', log, signal }), tries, logged };
}

const cut = (times: number) => Array.from({ length: times }, () => new Error('cut off'));

// The clock is the test's: what waits longer waits for ever.
describe('a write', { timeout: 5_000 }, () => {
  beforeEach(() => {
    useTestClock();
    // The longest pauses.
    vi.spyOn(Math, 'random').mockReturnValue(1);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('is given up when DynamoDB will never take it: one message must not hold up the others', async () => {
    const { outcome, tries, logged } = writing([new TransactionRefused(['none', 'invalid'])]);
    expect(await outcome).toBeUndefined();
    expect(tries).toEqual([0]);
    expect(logged).toEqual([['Write refused, given up', { what: 'message' }]]);
  });

  it('is not repeated when another host has the user', async () => {
    const { outcome, tries } = writing([new FencedError('Another')]);
    await expect(outcome).rejects.toThrow(FencedError);
    expect(tries).toEqual([0]);
  });

  it('is repeated when others were faster', async () => {
    const { outcome, tries, logged } = writing([new TransactionRefused(['contention'])]);
    await vi.advanceTimersByTimeAsync(200);
    expect(await outcome).toBe('stored');
    expect(tries).toEqual([0, 200]);
    expect(logged).toEqual([['Write failed, tried again', { what: 'message', attempt: 1 }]]);
  });

  it('is repeated after pauses that double, of half a minute at most', async () => {
    const { outcome, tries } = writing(cut(10));
    await vi.advanceTimersByTimeAsync(200_000);
    expect(await outcome).toBe('stored');
    const pauses = tries.slice(1).map((at, place) => at - (tries[place] ?? 0));
    expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
  });

  it('pauses half as long at least: hosts that fail together don’t come back together', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { tries } = writing(cut(1));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(tries).toEqual([0, 100]);
  });

  it('ends with the host, also in the middle of a pause', async () => {
    const host = new AbortController();
    const { outcome, tries } = writing(cut(9), { signal: host.signal });
    const ended = outcome.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(650);
    host.abort();
    expect(await ended).toHaveProperty('name', 'AbortError');
    expect(tries).toEqual([0, 200, 600]);
    const late = writing(cut(1), { signal: host.signal });
    await expect(late.outcome).rejects.toThrow('cut off');
  });
});

describe('a fault', () => {
  it.each([
    ['what the caller asks for is not there', new AppError('chat_not_found')],
    ['the request is refused for good', new PermanentError('never')],
    ['DynamoDB does not take the item', new TransactionRefused(['invalid'])],
    ['DynamoDB does not take the request', Object.assign(new Error('No'), { name: 'ValidationException' })],
    ['it is not of the form that is stored', z.string().safeParse(7).error],
    ['it is of no form that code here expects', new TypeError('undefined')],
    ['it is out of range', new RangeError('no time')],
  ])('is final when %s', (_why, error) => {
    expect(isRefusal(error)).toBe(true);
  });

  it.each([
    ['somebody else writes', new AppError('conflict')],
    ['there were too many attempts', new AppError('too_many_attempts')],
    ['the service has a fault', new AppError('chat_not_found', { status: 500 })],
    ['DynamoDB is busy', new TransactionRefused(['contention'])],
    ['the network is cut', new Error('cut off')],
    ['nobody knows', { name: 'ValidationException' }],
  ])('may pass when %s', (_why, error) => {
    expect(isRefusal(error)).toBe(false);
  });
});
