import { describe, expect, it } from 'vitest';
import { reduceWatch } from './watch-machine.ts';
import { account, sampleContext, sampleEvents, sampleWatches } from './watch-samples.ts';
import {
  freshWatch,
  isWorthSaving,
  wasStable,
  type WatchEvent,
  type WatchState,
  type WatchStep,
} from './watch-state.ts';

type Stage = keyof typeof sampleWatches;
type EventName = keyof typeof sampleEvents;

const stages = Object.keys(sampleWatches) as Stage[];

/**
 * Every stage × every event: what of the state becomes another → what is to be done. A dot: nothing at all. The cell of
 * most stages comes first.
 */
const table: Record<EventName, Record<Stage, string>> = {
  'a code': all('codes=3 → pass-gate · end unlinked-meanwhile', {
    starting: 'codes=1 → pass-gate · linking in 300 s · offer-code',
    code: 'codes=2 → pass-gate · offer-code',
    signed: 'codes=2 → pass-gate · end passkey_rejected',
    linked: 'codes=2 → pass-gate · offer-code',
    restored: 'codes=1 → pass-gate · end unlinked-meanwhile',
  }),
  'codes are over': all('end qr-idle'),
  'a code to type': all('linking in 300 s'),
  'nobody scans': all('end qr-idle'),
  'nothing goes on': all('end passkey_rejected'),
  'passkey asked': all('isLinked=false → wait for nothing · pairing-done · apply passkey', {
    starting: 'wait for nothing · pairing-done · apply passkey',
    code: 'wait for nothing · pairing-done · apply passkey',
    signed: 'setback=undefined → wait for nothing · pairing-done · apply passkey',
    restored: 'wait for nothing · pairing-done · apply passkey',
  }),
  'passkey expired': all('wait for nothing · end passkey_expired', {
    signed: 'setback=undefined → wait for nothing · end passkey_expired',
  }),
  'passkey withdrawn': all('wait for nothing · linking in 300 s · apply passkey-withdrawn', {
    signed: 'setback=undefined → wait for nothing · linking in 300 s · apply passkey-withdrawn',
  }),
  'passkey signed': all('setback=passkey_rejected → wait for nothing · confirming in 45 s', {
    signed: 'wait for nothing · confirming in 45 s',
  }),
  'passkey refused': all('wait for nothing · end passkey_refused', {
    signed: 'setback=undefined → wait for nothing · end passkey_refused',
  }),
  'a code to compare': all('setback=code_mismatch → wait for nothing · confirming in 300 s · apply comparison-code'),
  'the same code': all('setback=code_mismatch → wait for nothing · confirming in 45 s'),
  'another code': all('wait for nothing · end code_mismatch', {
    signed: 'setback=undefined → wait for nothing · end code_mismatch',
  }),
  scanned: all('isLinked=true → pairing-done · no linking · apply scanned', {
    linked: 'pairing-done · no linking · apply scanned',
    ready: 'pairing-done · no linking · apply scanned',
    lost: 'pairing-done · no linking · apply scanned',
    closed: 'pairing-done · no linking · apply scanned',
  }),
  progress: all('wait for nothing · apply progress', {
    starting: 'isLinked=true → wait for nothing · apply progress',
    code: 'isLinked=true → wait for nothing · apply progress',
    signed: 'isLinked=true setback=undefined → wait for nothing · apply progress',
    restored: 'isLinked=true → wait for nothing · apply progress',
  }),
  ready: all(
    'account isLinked=true isLinking=false isReady=true readyAt=100000 → pass-gate · wait for nothing · begin-link · no catching-up · catch-up · apply ready · save · use',
    {
      signed:
        'account isLinked=true isLinking=false isReady=true readyAt=100000 setback=undefined → pass-gate · wait for nothing · begin-link · no catching-up · catch-up · apply ready · save · use',
      linked:
        'account isLinking=false isReady=true readyAt=100000 → pass-gate · wait for nothing · begin-link · no catching-up · catch-up · apply ready · save · use',
      ready: 'pass-gate · wait for nothing · no catching-up · catch-up · apply ready · save · use',
      lost: 'isReady=true → pass-gate · wait for nothing · no catching-up · catch-up · apply ready · save · use',
      restored:
        'account isLinked=true isReady=true readyAt=100000 → pass-gate · wait for nothing · count SessionStartTime · no catching-up · catch-up · apply ready · save · use',
      closed: 'isReady=true → pass-gate · wait for nothing · no catching-up · apply ready · save',
    },
  ),
  battery: all('apply battery'),
  disconnected: all('log info · no use · apply interrupted', {
    ready: 'isReady=false → log info · pause-inbound · no use · apply interrupted',
    closed: 'log info · apply interrupted',
  }),
  unread: all('store · save'),
  'a refused send': all('count SendsRefused · store · save'),
  unreadable: all('log warn'),
  missed: all('reception'),
  reception: all('reception'),
  'page silent': all('begin-anew'),
  capabilities: all('apply health · note-build', { ready: 'apply health · note-build · self-test' }),
  restrictions: all('apply health'),
  'logged out': all('end logged-out'),
  died: all('end died'),
  process: all('isProcessKnown=true → log info'),
  'catch-up due': all('catch-up', { closed: '.' }),
  'caught up': all('save'),
  'catch-up failed': all('catchUpFailures=1 → no catching-up · log warn', {
    ready: 'catchUpFailures=1 → no catching-up · log warn · catching-up in 5 s',
  }),
  'save due': all('.', { ready: 'save' }),
  close: all('isClosed=true → wait for nothing · no catching-up', {
    signed: 'isClosed=true setback=undefined → wait for nothing · no catching-up',
    ready: 'isClosed=true isReady=false → pause-inbound · wait for nothing · no catching-up',
    closed: 'wait for nothing · no catching-up',
  }),
};

function all(cell: string, others: Partial<Record<Stage, string>> = {}): Record<Stage, string> {
  return Object.fromEntries(stages.map((stage) => [stage, others[stage] ?? cell])) as Record<Stage, string>;
}

function describeStep(before: WatchState, { state, effects }: WatchStep): string {
  const changed = Object.entries(state)
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof WatchState]))
    .map(([key, value]) => (key === 'account' ? key : `${key}=${String(value)}`))
    .toSorted();
  const done = effects.map((effect) => {
    switch (effect.type) {
      case 'apply':
        return `apply ${effect.event.type}`;
      case 'end':
        return `end ${effect.outcome.type === 'gave-up' ? effect.outcome.failure : effect.outcome.type}`;
      case 'set-timer':
        return `${effect.timer} in ${effect.ms / 1000} s`;
      case 'clear-timer':
        return `no ${effect.timer}`;
      case 'count':
        return `count ${effect.metric}`;
      case 'log':
        return `log ${effect.level}`;
      case 'use':
        return effect.isReady ? 'use' : 'no use';
      default:
        return effect.type;
    }
  });
  const parts = [changed.join(' '), done.join(' · ').replace('no linking · no confirming', 'wait for nothing')];
  return parts.filter((part) => part !== '').join(' → ') || '.';
}

function run(state: WatchState, ...events: WatchEvent[]): WatchStep {
  return events.reduce<WatchStep>((step, event) => reduceWatch(step.state, event, sampleContext), {
    state,
    effects: [],
  });
}

describe("the watch over one browser's session", () => {
  for (const [name, cells] of Object.entries(table) as [EventName, Record<Stage, string>][]) {
    it.each(Object.entries(cells) as [Stage, string][])(`%s + ${name}: %s`, (stage, cell) => {
      const before = sampleWatches[stage];
      expect(describeStep(before, reduceWatch(before, sampleEvents[name], sampleContext))).toBe(cell);
    });
  }

  it('shows the first code longer than those that follow', () => {
    const first = run(sampleWatches.starting, sampleEvents['a code']);
    expect(first.effects.at(-1)).toEqual({ type: 'offer-code', code: '2@abc', lifetimeMs: 60_000 });
    expect(run(first.state, sampleEvents['a code']).effects).toEqual([
      { type: 'pass-gate' },
      { type: 'offer-code', code: '2@abc', lifetimeMs: 20_000 },
    ]);
  });

  it('lets QR codes be over while a code is to be typed', () => {
    const pairing = { ...sampleContext, isPairing: true };
    expect(reduceWatch(sampleWatches.code, sampleEvents['codes are over'], pairing).effects).toEqual([]);
  });

  it('says by a timer what it was that the phone or WhatsApp did not go on from', () => {
    const timers = (name: EventName) =>
      run(sampleWatches.code, sampleEvents[name]).effects.flatMap((effect) =>
        effect.type === 'set-timer' ? [effect.event] : [],
      );
    expect(timers('passkey withdrawn')).toEqual([{ type: 'linking-over' }]);
    expect(timers('passkey signed')).toEqual([{ type: 'confirming-over', failure: 'passkey_rejected' }]);
    expect(timers('a code to compare')).toEqual([{ type: 'confirming-over', failure: 'passkey_expired' }]);
    expect(timers('the same code')).toEqual([{ type: 'confirming-over', failure: 'passkey_rejected' }]);
  });

  it('takes codes after a comparison for a phone that has said no', () => {
    for (const name of ['a code to compare', 'the same code'] as const) {
      const { effects } = run(sampleWatches.code, sampleEvents[name], sampleEvents['a code']);
      expect(effects.at(-1)).toEqual({ type: 'end', outcome: { type: 'gave-up', failure: 'code_mismatch' } });
    }
  });

  it('counts how long a restored session takes, and begins a link, at the first ready only', () => {
    const restored = run(sampleWatches.restored, sampleEvents.ready);
    expect(restored.effects).toContainEqual({ type: 'count', metric: 'SessionStartTime', value: 60_000 });
    expect(run(restored.state, sampleEvents.disconnected, sampleEvents.ready).effects).not.toContainEqual(
      expect.objectContaining({ type: 'count' }),
    );
    const linked = run(sampleWatches.linked, sampleEvents.ready, sampleEvents.disconnected, sampleEvents.ready);
    expect(linked.effects.map(({ type }) => type)).not.toContain('begin-link');
    expect(linked.state.readyAt).toBe(100_000);
  });

  it('catches up before it tells that it is ready, so that what is missing has its place before what comes', () => {
    const types = run(sampleWatches.linked, sampleEvents.ready).effects.map(({ type }) => type);
    expect(types.indexOf('catch-up')).toBeLessThan(types.indexOf('apply'));
    expect(types.at(-1)).toBe('use');
  });

  it('tries to catch up later and later, for about an hour, and raises an alarm then', () => {
    const failed = sampleEvents['catch-up failed'];
    const pauses: number[] = [];
    let step = run(sampleWatches.ready);
    for (let failures = 1; failures <= 16; failures++) {
      step = run(step.state, failed);
      for (const effect of step.effects) if (effect.type === 'set-timer') pauses.push(effect.ms);
    }
    expect(pauses.slice(0, 8)).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    expect(pauses).toHaveLength(15);
    expect(step.effects).toContainEqual({ type: 'count', metric: 'CatchUpFailures' });
    expect(step.effects).toContainEqual(expect.objectContaining({ type: 'log', level: 'error' }));
    expect(run(step.state, sampleEvents.ready).state.catchUpFailures).toBe(0);
    expect(run(run(sampleWatches.ready, failed).state, sampleEvents['caught up']).state.catchUpFailures).toBe(0);
  });

  it('tests itself with the account that is ready', () => {
    const { report } = sampleEvents.capabilities;
    expect(run(sampleWatches.ready, sampleEvents.capabilities).effects.at(-1)).toEqual({
      type: 'self-test',
      build: report.build,
      account,
    });
  });

  it('is worth saving once the phone knows it, or while a restored one has shown no code', () => {
    const worth = (state: WatchState, ...events: WatchEvent[]) => isWorthSaving(run(state, ...events).state);
    expect(worth(sampleWatches.starting)).toBe(false);
    expect(worth(sampleWatches.starting, sampleEvents['a code'], sampleEvents.scanned)).toBe(true);
    expect(worth(sampleWatches.linked, sampleEvents['passkey asked'])).toBe(false);
    expect(worth(sampleWatches.restored)).toBe(true);
    expect(worth(sampleWatches.restored, sampleEvents['a code'])).toBe(false);
  });

  it('was stable after it was ready for a while', () => {
    const { limits } = sampleContext;
    const { state } = run(sampleWatches.linked, sampleEvents.ready);
    expect(wasStable(state, { at: 700_000, limits })).toBe(false);
    expect(wasStable(state, { at: 700_001, limits })).toBe(true);
    expect(wasStable(freshWatch({ isRestored: true, at: 0 }), { at: 700_001, limits })).toBe(false);
  });
});
