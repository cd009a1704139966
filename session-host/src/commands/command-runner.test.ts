import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { currentTraceId, metrics, newTraceId } from '@top-active/aws';
import { AppError } from '@top-active/core/errors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineSession } from '../engine/engine.ts';
import type { Claim } from './claim.ts';
import { createCommandRunner, type CommandRunnerOptions } from './command-runner.ts';
import type { Outcome } from './command-context.ts';
import { createPacing } from './pacing.ts';
import { useTestClock } from './test-clock.ts';
import { createTestCommands, epoch, hostId, patienceMs, retryMs } from './test-commands.ts';

const sent: Outcome = { state: 'SENT' };

/** A user's commands on a clock that the test moves, and what was asked and logged. */
function runnerOf({
  carryOut = () => Promise.resolve(sent),
  ...more
}: Partial<Pick<CommandRunnerOptions, 'readiness' | 'carryOut' | 'signal'>> = {}) {
  const commands = createTestCommands();
  const asked: string[] = [];
  const logged: string[] = [];
  const note = (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
    void logged.push(typeof fields.failure === 'string' ? `${message}: ${fields.failure}` : message);
  const runner = createCommandRunner({
    tenant: commands.tenant,
    hostId,
    epoch,
    patienceMs,
    retryMs,
    readiness: () => 'ready',
    log: { debug: note, info: note, warn: note, error: note },
    signal: new AbortController().signal,
    ...more,
    carryOut(record, claim) {
      asked.push(record.id);
      return carryOut(record, claim);
    },
  });
  return { ...commands, runner, asked, logged };
}

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

  it('that somebody else has are left to them', async () => {
    const { runner, order, records, states } = runnerOf({ carryOut: async () => ({ state: 'FAILED', failure: 'no' }) });
    order('A');
    order('B');
    records.set('A', { ...records.get('A')!, state: 'CLAIMED', claimedBy: 'another', claimedEpoch: epoch });
    runner.poke();
    await runner.settled();
    expect(states()).toEqual({ A: 'CLAIMED', B: 'FAILED' });
    const taken = runnerOf({ carryOut: async () => ({ state: 'taken' }) });
    taken.order('A');
    taken.runner.poke();
    await taken.runner.settled();
    expect(taken.calls).toEqual(['open']);
  });

  it('are given back when they were claimed and nothing was asked of WhatsApp', async () => {
    const { runner, order, calls, states } = runnerOf({
      async carryOut(_record, claim) {
        await claim.take();
        return { state: 'unsent' };
      },
    });
    order('A');
    runner.poke();
    await runner.settled();
    expect(calls).toEqual(['open', 'claim A', 'release A']);
    expect(states()).toEqual({ A: 'PENDING' });
  });

  it('are not given back when they were not claimed, or may have been carried out', async () => {
    const unclaimed = runnerOf({ carryOut: async () => ({ state: 'unsent' }) });
    unclaimed.order('A');
    unclaimed.runner.poke();
    await unclaimed.runner.settled();
    expect(unclaimed.calls).toEqual(['open']);
    const open = runnerOf({
      async carryOut(_record, claim) {
        await claim.take();
        return { state: 'open' };
      },
    });
    open.order('A');
    open.runner.poke();
    await open.runner.settled();
    expect(open.calls).toEqual(['open', 'claim A']);
    expect(open.states()).toEqual({ A: 'CLAIMED' });
  });

  it('end with what became of them, under the term of this host', async () => {
    const { runner, order, records, logged } = runnerOf({
      carryOut: async () => ({ state: 'FAILED', failure: 'recipient_left' }),
    });
    order('A');
    runner.poke();
    await runner.settled();
    expect(records.get('A')).toMatchObject({
      state: 'FAILED',
      failure: 'recipient_left',
      claimedBy: hostId,
      claimedEpoch: epoch,
    });
    expect(logged).toEqual(['Command ended: recipient_left']);
  });

  it.each([
    ['a send that was claimed may have left', 'message.send', true, 'UNKNOWN'],
    ['a send that was not claimed has not', 'message.send', false, 'FAILED'],
    ['anything else has failed', 'chat.seen', true, 'FAILED'],
  ] as const)('that throw for what no repetition heals: %s', async (_what, kind, claims, state) => {
    const { runner, order, records, logged } = runnerOf({
      async carryOut(_record, claim: Claim) {
        if (claims) await claim.take();
        throw new TypeError('A mistake');
      },
    });
    order('A', { kind });
    order('B', { kind });
    runner.poke();
    await runner.settled();
    for (const id of ['A', 'B']) expect(records.get(id)).toMatchObject({ state, failure: 'engine_error' });
    expect(logged).toContain('A command failed');
  });

  it('that an earlier life of the host had claimed may have left, whatever throws', async () => {
    const { runner, order, records } = runnerOf({ carryOut: () => Promise.reject(new TypeError('A mistake')) });
    order('A', { kind: 'message.send', claimedUnder: epoch - 1 });
    runner.poke();
    await runner.settled();
    expect(records.get('A')).toMatchObject({ state: 'UNKNOWN', failure: 'engine_error', claimedEpoch: epoch });
  });

  it('fail at once where WhatsApp is not linked, and may have left where they were claimed before', async () => {
    const { runner, order, records, asked } = runnerOf({ readiness: () => 'none' });
    order('A');
    order('B', { claimedUnder: epoch - 1 });
    runner.poke();
    await runner.settled();
    expect(asked).toEqual([]);
    expect(records.get('A')).toMatchObject({ state: 'FAILED', failure: 'whatsapp_not_linked' });
    expect(records.get('B')).toMatchObject({ state: 'UNKNOWN', failure: 'whatsapp_not_linked' });
  });

  it('wait for a session that is coming as long as the host is patient, and not longer', async () => {
    const { runner, order, records, states } = runnerOf({ readiness: () => 'coming' });
    order('A');
    await vi.advanceTimersByTimeAsync(patienceMs);
    runner.poke();
    await runner.settled();
    expect(states()).toEqual({ A: 'PENDING' });
    await vi.advanceTimersByTimeAsync(1);
    order('B', { claimedUnder: epoch - 1, createdAt: records.get('A')?.createdAt });
    runner.poke();
    await runner.settled();
    expect(records.get('A')).toMatchObject({ state: 'FAILED', failure: 'whatsapp_not_ready' });
    expect(records.get('B')).toMatchObject({ state: 'UNKNOWN', failure: 'whatsapp_not_ready' });
  });

  it('are typed before they are sent, one after the other', async () => {
    const pacing = createPacing({ msPerCharacter: 100, minMs: 1_000, maxMs: 3_000 });
    const shown: string[] = [];
    const began = Date.now();
    const note = (what: string) => async () => void shown.push(`${what} after ${Date.now() - began} ms`);
    const engine = { markSeen: note('seen'), showTyping: note('typing') } as unknown as EngineSession;
    const { runner, order } = runnerOf({
      async carryOut({ id, command }, claim) {
        if (command.kind !== 'message.send') throw new Error('Only sends here');
        await pacing(engine, '5511988887777@c.us', command.text);
        await claim.take();
        await note(`${id} sent`)();
        return sent;
      },
    });
    order('A', { kind: 'message.send', text: 'Oi' });
    order('B', { kind: 'message.send', text: 'x'.repeat(20) });
    runner.poke();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(shown).toEqual([
      'seen after 0 ms',
      'typing after 0 ms',
      'A sent after 1000 ms',
      'seen after 1000 ms',
      'typing after 1000 ms',
      'B sent after 3000 ms',
    ]);
  });

  it('end in the store however long it takes to take that, and nothing else is begun meanwhile', async () => {
    const { runner, order, fail, asked, calls, states } = runnerOf();
    order('A');
    order('B');
    fail('finish', ...Array.from({ length: 3 }, () => new Error('cut off')));
    runner.poke();
    await vi.advanceTimersByTimeAsync(0);
    expect(calls.at(-1)).toBe('finish A');
    expect(asked).toEqual(['A']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.filter((call) => call === 'finish A')).toHaveLength(4);
    expect(states()).toEqual({ A: 'SENT', B: 'SENT' });
  });

  it('are over for this host when the store refuses their end for what it is', async () => {
    const refused = new AppError('chat_not_found');
    const { runner, order, fail, calls, states, logged } = runnerOf();
    order('A');
    order('B');
    fail('finish', refused);
    runner.poke();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.filter((call) => call === 'finish A')).toHaveLength(1);
    expect(logged).toContain('Write refused, given up');
    expect(states()).toMatchObject({ B: 'SENT' });
  });

  it('are not tried any further once the host is in a hurry', async () => {
    const hurry = new AbortController();
    const { runner, order, fail, asked, states, logged } = runnerOf({ signal: hurry.signal });
    order('A');
    order('B');
    fail('finish', ...Array.from({ length: 99 }, () => new Error('cut off')));
    runner.poke();
    await vi.advanceTimersByTimeAsync(1_000);
    hurry.abort();
    await runner.settled();
    expect(asked).toEqual(['A']);
    expect(states()).toEqual({ A: 'CLAIMED', B: 'PENDING' });
    expect(logged.at(-1)).toBe('A command was left open');
    runner.poke();
    await runner.settled();
    expect(asked).toEqual(['A']);
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
