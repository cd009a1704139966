import { AppError } from '@top-active/core/errors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineSession } from '../engine/engine.ts';
import type { Claim } from './claim.ts';
import { createPacing } from './pacing.ts';
import { useTestClock } from './test-clock.ts';
import { epoch, hostId, patienceMs } from './test-commands.ts';
import { runnerOf, sent } from './test-runner.ts';

describe("a user's commands", () => {
  beforeEach(() => useTestClock());
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
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
    open.order('B');
    open.runner.poke();
    await open.runner.settled();
    // Nor is anything sent after what nobody knows of.
    expect(open.calls).toEqual(['open', 'claim A']);
    expect(open.states()).toEqual({ A: 'CLAIMED', B: 'PENDING' });
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
});
