import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { currentTraceId, metrics, newTraceId } from '@top-active/aws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from './command-context.ts';
import { useTestClock } from './test-clock.ts';
import { patienceMs, retryMs } from './test-commands.ts';
import { runnerOf, sent } from './test-runner.ts';

describe("a user's commands", () => {
  beforeEach(() => useTestClock());
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('are carried out one after the other, in the order in which they were ordered', async () => {
    const running: string[] = [];
    const { runner, order, states } = runnerOf({
      async carryOut({ id }) {
        running.push(`${id} begins`);
        await delay(1_000);
        running.push(`${id} ends`);
        return sent;
      },
    });
    order('A');
    order('B');
    runner.poke();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(running).toEqual(['A begins', 'A ends', 'B begins', 'B ends']);
    expect(states()).toEqual({ A: 'SENT', B: 'SENT' });
  });

  it('are sent later when they were ordered later, also when the session comes up between the two', async () => {
    let answers: Outcome[] = [{ state: 'unsent' }, sent];
    const { runner, order, asked, states } = runnerOf({ carryOut: async () => answers.shift() ?? sent });
    order('A');
    order('B');
    runner.poke();
    await runner.settled();
    expect(asked).toEqual(['A']);
    answers = [];
    runner.poke();
    await runner.settled();
    expect(asked).toEqual(['A', 'A', 'B']);
    expect(states()).toEqual({ A: 'SENT', B: 'SENT' });
  });

  it('wait in their order while the session is coming, though it is there for the second', async () => {
    let looks = 0;
    const { runner, order, asked, states } = runnerOf({ readiness: () => (looks++ === 0 ? 'coming' : 'ready') });
    order('A');
    order('B');
    runner.poke();
    await runner.settled();
    expect(asked).toEqual([]);
    expect(states()).toEqual({ A: 'PENDING', B: 'PENDING' });
    runner.poke();
    await runner.settled();
    expect(asked).toEqual(['A', 'B']);
  });

  it('that link and unlink do not wait for messages, and need no session', async () => {
    const { runner, order, asked } = runnerOf({ readiness: () => 'coming' });
    order('A');
    order('B', { kind: 'link.stop' });
    runner.poke();
    await runner.settled();
    expect(asked).toEqual(['B']);
    const linked = runnerOf();
    linked.order('A', { kind: 'link.stop' });
    linked.runner.poke();
    await linked.runner.settled();
    expect(linked.asked).toEqual(['A']);
  });

  it('stay open when nobody knows whether they were claimed, are tried again, and hold up their chat alone', async () => {
    const { runner, order, fail, asked, states, logged } = runnerOf({
      carryOut: async (_record, claim) => ((await claim.take()) ? sent : { state: 'taken' }),
    });
    order('A');
    order('B');
    order('C', { chatId: 'another chat' });
    fail('claim', new Error('cut off'));
    runner.poke();
    await runner.settled();
    expect(states()).toEqual({ A: 'PENDING', B: 'PENDING', C: 'SENT' });
    expect(logged).toContain('A command was left open');
    await vi.advanceTimersByTimeAsync(retryMs);
    expect(asked).toEqual(['A', 'C', 'A', 'B']);
    expect(states()).toEqual({ A: 'SENT', B: 'SENT', C: 'SENT' });
  });

  it('that fail for what may pass are tried again, as long as the host is patient, and hold up their chat alone', async () => {
    let isCutOff = true;
    const { runner, order, asked, states, records } = runnerOf({
      carryOut: async ({ command }) => {
        if (isCutOff && 'chatId' in command && command.chatId === 'chat') throw new Error('cut off');
        return sent;
      },
    });
    order('A');
    order('B');
    order('C', { chatId: 'another chat' });
    runner.poke();
    await vi.advanceTimersByTimeAsync(2 * retryMs);
    expect(asked).toEqual(['A', 'C', 'A', 'A']);
    expect(states()).toEqual({ A: 'PENDING', B: 'PENDING', C: 'SENT' });
    isCutOff = false;
    await vi.advanceTimersByTimeAsync(retryMs);
    expect(states()).toEqual({ A: 'SENT', B: 'SENT', C: 'SENT' });
    isCutOff = true;
    order('D');
    runner.poke();
    await vi.advanceTimersByTimeAsync(patienceMs);
    expect(states()).toMatchObject({ D: 'PENDING' });
    await vi.advanceTimersByTimeAsync(retryMs);
    expect(records.get('D')).toMatchObject({ state: 'FAILED', failure: 'engine_error' });
  });

  it('are looked at again together, however many of them wait, and no more once all is done', async () => {
    let isCutOff = true;
    const { runner, order, calls, states } = runnerOf({
      carryOut: () => (isCutOff ? Promise.reject(new Error('cut off')) : Promise.resolve(sent)),
    });
    order('A');
    order('B', { chatId: 'another chat' });
    const looks = () => calls.filter((call) => call === 'open').length;
    runner.poke();
    await vi.advanceTimersByTimeAsync(2 * retryMs);
    expect(looks()).toBe(3);
    isCutOff = false;
    await vi.advanceTimersByTimeAsync(retryMs);
    expect([looks(), states()]).toEqual([4, { A: 'SENT', B: 'SENT' }]);
    await vi.advanceTimersByTimeAsync(10 * retryMs);
    expect(looks()).toBe(4);
  });

  it('that are no sends end at the first fault, whatever it is', async () => {
    const { runner, order, records, asked } = runnerOf({ carryOut: () => Promise.reject(new Error('cut off')) });
    order('A', { kind: 'chat.seen' });
    runner.poke();
    await vi.advanceTimersByTimeAsync(2 * retryMs);
    expect(asked).toEqual(['A']);
    expect(records.get('A')).toMatchObject({ state: 'FAILED', failure: 'engine_error' });
  });

  it('that wait for a session are looked at when somebody pokes, and not before', async () => {
    const { runner, order, calls } = runnerOf({ carryOut: async () => ({ state: 'unsent' }) });
    order('A');
    runner.poke();
    await vi.advanceTimersByTimeAsync(10 * retryMs);
    expect(calls).toEqual(['open']);
  });

  it('that may have left stay claimed until a look into the chat has told, or it is too late', async () => {
    const { runner, order, records, states } = runnerOf({
      async carryOut(_record, claim) {
        await claim.take();
        throw new Error('cut off');
      },
    });
    order('A');
    runner.poke();
    await vi.advanceTimersByTimeAsync(patienceMs);
    expect(states()).toEqual({ A: 'CLAIMED' });
    await vi.advanceTimersByTimeAsync(retryMs);
    expect(records.get('A')).toMatchObject({ state: 'UNKNOWN', failure: 'engine_error' });
  });

  it('are looked for once more when somebody pokes meanwhile, and by one pass at a time', async () => {
    const { runner, order, calls } = runnerOf({
      async carryOut() {
        await delay(1_000);
        return sent;
      },
    });
    order('A');
    runner.poke();
    await vi.advanceTimersByTimeAsync(500);
    order('B');
    runner.poke();
    runner.poke();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls.filter((call) => call === 'open')).toHaveLength(2);
    expect(calls.filter((call) => call.startsWith('finish'))).toEqual(['finish A', 'finish B']);
  });

  it('are looked for again after they could not be read', async () => {
    const { runner, order, fail, states, logged } = runnerOf();
    order('A');
    fail('open', new Error('cut off'));
    runner.poke();
    await runner.settled();
    expect(logged).toEqual(['Commands could not be read']);
    await vi.advanceTimersByTimeAsync(retryMs);
    expect(states()).toEqual({ A: 'SENT' });
  });

  it('are left to whoever serves the user next once it is closed, after the one at hand', async () => {
    const { runner, order, asked, calls, states } = runnerOf({
      async carryOut() {
        await delay(1_000);
        return sent;
      },
    });
    order('A');
    order('B');
    runner.poke();
    await vi.advanceTimersByTimeAsync(500);
    runner.poke();
    let isOver = false;
    const closed = runner.close().then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(499);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    await closed;
    runner.poke();
    await runner.settled();
    expect(asked).toEqual(['A']);
    expect(calls).toEqual(['open', 'claim A', 'finish A']);
    expect(states()).toEqual({ A: 'SENT', B: 'PENDING' });
  });

  it('are not tried again once it is closed', async () => {
    const { runner, order, calls } = runnerOf({ carryOut: () => Promise.reject(new Error('cut off')) });
    order('A');
    runner.poke();
    await runner.settled();
    await runner.close();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(10 * retryMs);
    expect(calls).toEqual(['open']);
  });

  it('are counted by how they ended, and a sent one by how long it took', async () => {
    const counted = vi.spyOn(metrics, 'emit').mockReturnValue();
    const ends: Record<string, Outcome> = {
      A: sent,
      B: { state: 'FAILED', failure: 'no' },
      C: { state: 'UNKNOWN', failure: 'unsure' },
    };
    const { runner, order } = runnerOf({ carryOut: async ({ id }) => ends[id] ?? sent });
    for (const id of Object.keys(ends)) order(id);
    await vi.advanceTimersByTimeAsync(1_500);
    runner.poke();
    await runner.settled();
    expect(counted.mock.calls).toEqual([
      ['CommandsSent'],
      ['CommandTime', 1_500],
      ['CommandsFailed'],
      ['CommandsUnknown'],
    ]);
  });

  it('belong to the trace of the request that ordered them', async () => {
    const traceId = newTraceId();
    const traces: (string | undefined)[] = [];
    const { runner, order } = runnerOf({ carryOut: async () => (traces.push(currentTraceId()), sent) });
    order('A', { traceId });
    runner.poke();
    await runner.settled();
    expect(traces).toEqual([traceId]);
  });

  it('tell since when the oldest is open, as of the last look', async () => {
    const { runner, order } = runnerOf({ readiness: () => 'coming' });
    expect(runner.oldestOpen).toBeUndefined();
    order('A');
    const orderedAt = new Date();
    await vi.advanceTimersByTimeAsync(1_000);
    order('B');
    runner.poke();
    await runner.settled();
    expect(runner.oldestOpen).toEqual(orderedAt);
    const none = runnerOf();
    none.order('A');
    none.runner.poke();
    await none.runner.settled();
    none.runner.poke();
    await none.runner.settled();
    expect(none.runner.oldestOpen).toBeUndefined();
  });

  it('belong to the user for whom the runner was made, whoever pokes it', async () => {
    const whose = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const { runner, order } = whose.run('the owner', () =>
      runnerOf({ carryOut: async () => (seen.push(whose.getStore()), sent) }),
    );
    order('A');
    whose.run('somebody else', () => runner.poke());
    await runner.settled();
    expect(seen).toEqual(['the owner']);
  });
});
