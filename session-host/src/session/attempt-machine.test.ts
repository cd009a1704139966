import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  freshAttempt,
  reduceAttempt,
  type AttemptEvent,
  type AttemptState,
  type AttemptStep,
} from './attempt-machine.ts';
import { sampleAttempts, sampleEvents } from './attempt-samples.ts';

type Stage = keyof typeof sampleAttempts;
type EventName = keyof typeof sampleEvents;

/** What an event leads to: the next phase → what is to be done. Whatever isn't listed never happens in that stage. */
const table: readonly [Stage, EventName, string][] = [
  ['loading', 'begin', 'loading → load'],
  ['loading', 'loaded a checkpoint', 'running → apply start · run'],
  ['loading', 'loaded nothing', 'running → begin-link · apply start · run'],
  ['loading', 'suspended', 'over → apply interrupted'],
  ['loading', 'abandoned', 'over → '],
  ['loading', 'outdated', 'over → apply start · apply gave-up'],
  ['linking', 'died', 'deciding → count SessionDeaths · log · look-for-checkpoints'],
  ['linking', 'shown a code', 'over → apply gave-up'],
  ['linking', 'codes are over', 'over → apply qr-idle'],
  ['linking', 'gave up', 'over → apply gave-up'],
  ['linking', 'logged out', 'over → removed · forget · apply logged-out'],
  ['restored', 'died', 'deciding → count SessionDeaths · log · look-for-checkpoints'],
  ['restored', 'died after a while', 'deciding → count SessionDeaths · log · look-for-checkpoints'],
  ['restored', 'shown a code', 'looking-below → log · look-below'],
  ['restored', 'shown a code, watched', 'loading → log · begin-link · load'],
  ['restored', 'logged out', 'over → removed · forget · apply logged-out'],
  ['looking below', 'found below', 'loading → load'],
  ['looking below', 'nothing below', 'over → apply gave-up'],
  ['deciding', 'checked, linked', 'pausing → apply interrupted · apply reach · pause'],
  ['pausing', 'paused', 'loading → load'],
  ['pausing', 'suspended', 'over → apply interrupted'],
  ['pausing', 'abandoned', 'over → '],
];

function after(state: AttemptState, ...events: AttemptEvent[]): AttemptStep {
  return events.reduce<AttemptStep>((step, event) => reduceAttempt(step.state, event), { state, effects: [] });
}

describe('attempt machine', () => {
  it.each(table)('%s + %s: %s', (stage, name, cell) => {
    const { state, effects } = reduceAttempt(sampleAttempts[stage], sampleEvents[name]);
    const done = effects.map((effect) => {
      if (effect.type === 'apply') return `apply ${effect.event.type}`;
      return effect.type === 'count' ? `count ${effect.metric}` : effect.type;
    });
    expect(`${state.phase} → ${done.join(' · ')}`).toBe(cell);
  });

  it('counts deaths until the session was ready for a while', () => {
    expect(reduceAttempt(sampleAttempts.restored, sampleEvents.died).state.deaths).toBe(3);
    expect(reduceAttempt(sampleAttempts.restored, sampleEvents['died after a while']).state.deaths).toBe(1);
  });

  it('opens only older checkpoints than one that WhatsApp does not know, until a browser dies', () => {
    const below = after(sampleAttempts.restored, sampleEvents['shown a code'], sampleEvents['found below']);
    expect(below.effects).toEqual([{ type: 'load', below: 7 }]);
    const restored = after(below.state, sampleEvents['loaded a checkpoint']);
    expect(after(restored.state, sampleEvents['shown a code']).effects.at(-1)).toEqual({
      type: 'look-below',
      below: 8,
    });
    const died = after(restored.state, sampleEvents.died, sampleEvents['checked, linked'], sampleEvents.paused);
    expect(died.effects).toEqual([{ type: 'load', below: undefined }]);
  });

  it('begins with the newest checkpoint again where the owner looks, in an empty profile if it is another link', () => {
    const anew = reduceAttempt({ ...sampleAttempts.restored, below: 9 }, sampleEvents['shown a code, watched']);
    expect(anew.effects.at(-1)).toEqual({ type: 'load', below: undefined });
    expect(anew.effects[0]).toMatchObject({ fields: { checkpoint: 7 } });
  });

  it('says whether it resumes a session, and what it knows of one to come back to', () => {
    const [start] = reduceAttempt(freshAttempt, sampleEvents['loaded a checkpoint']).effects;
    expect(start).toEqual({ type: 'apply', event: { type: 'start', resuming: true } });
    expect(reduceAttempt(freshAttempt, sampleEvents['loaded nothing']).effects[1]).toEqual({
      type: 'apply',
      event: { type: 'start', resuming: false },
    });
    const asked = (stage: Stage) => reduceAttempt(sampleAttempts[stage], sampleEvents.died).effects.at(-1);
    expect(asked('restored')).toEqual({ type: 'look-for-checkpoints', wasOpened: true });
    expect(asked('linking')).toEqual({ type: 'look-for-checkpoints', wasOpened: false });
  });

  it('says since when WhatsApp cannot be reached, and takes it back after another death', () => {
    const cutOff = { type: 'died', cause: 'unreachable', detail: 'net::ERR_NAME_NOT_RESOLVED' } as const;
    const unreached = reduceAttempt({ ...sampleAttempts.deciding, death: cutOff }, sampleEvents['checked, linked']);
    const { date } = sampleEvents['checked, linked'];
    expect(unreached.effects).toContainEqual({ type: 'count', metric: 'WhatsAppUnreachable' });
    expect(unreached.effects).toContainEqual({ type: 'apply', event: { type: 'reach', unreachableSince: date } });
    const { effects } = reduceAttempt(sampleAttempts.deciding, sampleEvents['checked, linked']);
    expect(effects).toContainEqual({ type: 'apply', event: { type: 'reach', unreachableSince: undefined } });
    expect(effects.at(-1)).toEqual({ type: 'pause', ms: 500 });
  });

  it('gives up what will not pass, and names what the page lacks', () => {
    const missing = ['WAWebMsgKey'];
    const death: AttemptState['death'] = { type: 'died', cause: 'engine_incompatible', detail: 'No', missing };
    const { state, effects } = reduceAttempt({ ...sampleAttempts.deciding, death }, sampleEvents['checked, linked']);
    expect(state.phase).toBe('over');
    expect(effects).toEqual([
      { type: 'apply', event: { type: 'gave-up', failure: 'engine_incompatible', incompatible: missing } },
    ]);
  });

  it('says why a session that is unknown, outdated or refused ends', () => {
    const last = (stage: Stage, name: EventName) =>
      reduceAttempt(sampleAttempts[stage], sampleEvents[name]).effects.at(-1);
    expect(last('looking below', 'nothing below')).toMatchObject({ event: { failure: 'session_unknown' } });
    expect(last('loading', 'outdated')).toMatchObject({ event: { failure: 'host_outdated' } });
    expect(last('linking', 'gave up')).toMatchObject({ event: { failure: 'passkey_refused' } });
  });

  it('waits for one thing at a time, which is the last of what is done', () => {
    const answered = new Set(['load', 'run', 'look-below', 'look-for-checkpoints', 'pause']);
    const anyEvent: fc.Arbitrary<AttemptEvent> = fc.constantFrom(...Object.values(sampleEvents));
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (happenings) => {
        happenings.reduce<AttemptState>((state, event) => {
          const next = reduceAttempt(state, event);
          const places = next.effects.flatMap(({ type }, place) => (answered.has(type) ? [place] : []));
          expect(places).toEqual(places.length === 0 ? [] : [next.effects.length - 1]);
          expect(next.state.phase === 'over' && places.length > 0).toBe(false);
          return next.state;
        }, freshAttempt);
      }),
    );
  });
});
