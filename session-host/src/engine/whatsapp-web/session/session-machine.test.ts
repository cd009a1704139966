import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceSession } from './session-machine.ts';
import { limits, sampleEvents, sampleSessions } from './session-samples.ts';
import { freshSession, type SessionEvent, type SessionState, type SessionStep } from './session-state.ts';

type EventName = keyof typeof sampleEvents;
type Cells = readonly [starting: string, code: string, scanned: string, ready: string, lost: string, examined: string];

/**
 * Every stage × every event: what of the state becomes another → what is to be done. A dot: nothing at all. Nothing
 * happens to a session that has ended.
 */
const table: Record<EventName, Cells> = {
  'another document': [
    'bootedAt',
    'bootedAt',
    'bootedAt document',
    'bootedAt document',
    'bootedAt document',
    'bootedAt',
  ],
  'a code': [
    'code=shown → tell qr',
    'tell qr',
    'tell qr',
    'code=shown → tell qr',
    'code=shown → tell qr',
    'code=shown → tell qr',
  ],
  'a code is wanted': all('.'),
  loading: all('bootedAt → tell progress'),
  'told ready': [
    'document → beat',
    'document → beat',
    'document → beat',
    'document isReady=false → beat',
    'document → beat',
    'document → beat',
  ],
  'told connected': all('beat'),
  'told opening': ['.', '.', '.', 'isReady=false → tell disconnected', '.', '.'],
  'told unpaired': all('phase=ended → tell logged-out · close'),
  'told conflict': all('phase=ended → close, conflict'),
  'a reason': all('logoutReason'),
  'something came': all('activeAt'),
  'the owner acted': all('bootedAt'),
  'beat, connected': ['.', 'look-at-steps', 'look-at-steps', '.', '.', '.'],
  'beat, idle': [
    'isIdle=true → tell qr-idle',
    'isIdle=true → tell qr-idle · look-at-steps',
    'isIdle=true → tell qr-idle · look-at-steps',
    'isIdle=true → tell qr-idle',
    'isIdle=true → tell qr-idle',
    'isIdle=true → tell qr-idle',
  ],
  'beat, banned': all('phase=ended → close, banned'),
  'steps seen, connected': [
    'document → bear-witness',
    'bootedAt code=scanned document → tell scanned · bear-witness',
    'bear-witness',
    'bear-witness',
    'bear-witness',
    'document → bear-witness',
  ],
  'steps seen, opening': all('.'),
  'witnessed, connected': [
    '.',
    '.',
    'isAnnouncing=true → announce',
    'isAsking=true → look-at-sends · read-update · ask',
    'disconnection isAsking=true → look-at-sends · ask',
    '.',
  ],
  'witnessed, opening': [
    'disconnection',
    '.',
    '.',
    'disconnection → read-update',
    'disconnection → poke',
    'disconnection',
  ],
  'judged connected': ['.', '.', '.', '.', 'isReady=true → tell-ready · look-at-capabilities', '.'],
  'judged disconnected': ['.', '.', '.', 'isReady=false → tell disconnected', '.', '.'],
  'judged dead': all('phase=ended → close, connection_lost'),
  'judged too late': [
    'phase=examined → examine',
    '.',
    'phase=examined → examine',
    'isReady=false → tell disconnected',
    '.',
    '.',
  ],
  'needs an update': all('update → reload'),
  'is the newest': all('.'),
  announced: all('.'),
  asked: all('.'),
  'start failed': [
    'phase=examined → examine',
    'phase=examined → examine',
    'phase=examined → examine',
    'phase=examined → examine',
    'phase=examined → examine',
    '.',
  ],
  'examined, lacks': all('phase=ended → close, engine_incompatible'),
  'examined, lacks nothing': all('phase=ended → close, unknown'),
  incompatible: all('phase=ended → close, engine_incompatible'),
  'browser gone': all('phase=ended → close, browser_died'),
  stop: all('phase=ended'),
};

function all(cell: string): Cells {
  return [cell, cell, cell, cell, cell, cell];
}

const stages = ['starting', 'code', 'scanned', 'ready', 'lost', 'examined'] as const;
const sessions: Record<string, SessionState> = sampleSessions;
const { starting, code, scanned, ready, lost, ended } = sessions as Record<keyof typeof sampleSessions, SessionState>;

function describeStep(before: SessionState, { state, effects }: SessionStep): string {
  const changed = Object.entries(state)
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof SessionState]))
    .map(([key, value]) => (['phase', 'code'].includes(key) || typeof value === 'boolean' ? `${key}=${value}` : key))
    .toSorted();
  const done = effects.map((effect) => {
    if (effect.type === 'tell') return `tell ${effect.event.type}`;
    return effect.type === 'close' && effect.last?.type === 'died' ? `close, ${effect.last.cause}` : effect.type;
  });
  return [changed.join(' '), done.join(' · ')].filter((part) => part !== '').join(' → ') || '.';
}

function run(state: SessionState, ...events: SessionEvent[]): SessionStep {
  return events.reduce<SessionStep>((step, event) => reduceSession(step.state, event, limits), { state, effects: [] });
}

describe('session machine', () => {
  for (const [name, cells] of Object.entries(table) as [EventName, Cells][]) {
    it.each(stages.map((stage, place) => [stage, cells[place] ?? '']))(`%s + ${name}: %s`, (stage, cell) => {
      const before = sampleSessions[stage];
      expect(describeStep(before, reduceSession(before, sampleEvents[name], limits))).toBe(cell);
    });

    it(`ended + ${name}: nothing`, () => {
      expect(reduceSession(ended, sampleEvents[name], limits)).toEqual({ state: ended, effects: [] });
    });
  }

  it('tells ready once, however often the library does so of one document', () => {
    const told = run(lost, { type: 'told-ready', at: 100_000 }, sampleEvents['judged connected']);
    expect(told.effects.map(({ type }) => type)).toEqual(['tell-ready', 'look-at-capabilities']);
    const repeated = run(told.state, { type: 'told-ready', at: 101_999 }, sampleEvents['judged connected']);
    expect(repeated.effects).toEqual([]);
    const again = run(told.state, { type: 'told-ready', at: 102_000 }, sampleEvents['judged connected']);
    expect(again.effects[0]).toEqual({ type: 'tell-ready' });
  });

  it('tells that the codes are over once, until there is another', () => {
    const idle = run(code, sampleEvents['beat, idle']).state;
    expect(run(idle, sampleEvents['beat, idle']).effects).toEqual([{ type: 'look-at-steps' }]);
    for (const next of [sampleEvents['a code'], sampleEvents['a code is wanted']])
      expect(run(idle, next, sampleEvents['beat, idle']).effects).toContainEqual({
        type: 'tell',
        event: { type: 'qr-idle' },
      });
  });

  it('asks WhatsApp, and tells the library, one time at a time', () => {
    const asking = run(ready, sampleEvents['witnessed, connected']).state;
    expect(run(asking, sampleEvents['witnessed, connected']).effects.map(({ type }) => type)).not.toContain('ask');
    const asked = run(asking, sampleEvents.asked, sampleEvents['witnessed, connected']);
    expect(asked.effects).toContainEqual({ type: 'ask' });
    const announcing = run(scanned, sampleEvents['witnessed, connected']).state;
    expect(run(announcing, sampleEvents['witnessed, connected']).effects).toEqual([]);
    const announced = run(announcing, sampleEvents.announced, sampleEvents['witnessed, connected']);
    expect(announced.effects).toEqual([{ type: 'announce' }]);
  });

  it('tells the library that the page is in sync, later where its functions are in the page', () => {
    const { heartbeat } = sampleEvents['witnessed, connected'];
    const told = (at: number, injected: boolean) =>
      run(scanned, { type: 'witnessed', heartbeat: { ...heartbeat, injected }, shouldAsk: false, at }).effects.length;
    expect([told(51_999, false), told(52_000, false)]).toEqual([0, 1]);
    expect([told(64_999, true), told(65_000, true)]).toEqual([0, 1]);
    const stillLoading = { ...heartbeat, hasSynced: false };
    expect(run(scanned, { ...sampleEvents['witnessed, connected'], heartbeat: stillLoading }).effects).toEqual([]);
  });

  it('waits for a person for ever, and for a page as long as a start may take', () => {
    const late = sampleEvents['judged too late'];
    expect(run(starting, { ...late, isForPerson: true }).effects).toEqual([]);
    expect(run(starting, { ...late, at: 110_000 }).effects).toEqual([]);
    expect(run(starting, { ...late, at: 110_001 }).effects).toEqual([
      { type: 'examine', cause: 'start_timeout', detail: 'Neither a QR code nor readiness came' },
    ]);
    const acted = run(starting, { type: 'owner-acted', at: 190_000 }, late);
    expect(acted.effects).toEqual([]);
  });

  it('says that WhatsApp was not reached when something else is shown in its place', () => {
    const late = sampleEvents['judged too late'];
    expect(describeStep(starting, run(starting, { ...late, shows: 'other' }))).toBe('phase=ended → close, unreachable');
    expect(describeStep(starting, run(starting, { ...late, shows: 'nothing' }))).toBe(
      'phase=ended → close, start_timeout',
    );
    const failed = { ...sampleEvents['start failed'], shows: 'other' } as const;
    expect(describeStep(starting, run(starting, failed))).toBe('phase=ended → close, unknown');
  });

  it('asks the page only about what a page can be the reason of', () => {
    const died = { ...sampleEvents['start failed'], cause: 'browser_died' } as const;
    expect(describeStep(starting, run(starting, died))).toBe('phase=ended → close, browser_died');
  });

  it('names what the page lacks, and why WhatsApp ended the link', () => {
    expect(run(starting, sampleEvents['examined, lacks']).effects).toEqual([
      {
        type: 'close',
        last: {
          type: 'died',
          cause: 'engine_incompatible',
          detail: "WhatsApp's page has no WAWebMsgKey",
          missing: ['WAWebMsgKey'],
        },
      },
    ]);
    const reason = run(ready, sampleEvents['a reason'], sampleEvents['told unpaired']).effects[0];
    expect(reason).toEqual({ type: 'tell', event: { type: 'logged-out', reason: 'account_locked' } });
  });

  it('counts from a scanned code, and from the newest document', () => {
    expect(run(code, sampleEvents['steps seen, connected']).state).toMatchObject({
      code: 'scanned',
      bootedAt: 100_000,
    });
    expect(run(ready, sampleEvents['another document']).state).toMatchObject({
      isReady: true,
      document: { isListening: false },
      bootedAt: 100_000,
    });
  });

  const anyEvent: fc.Arbitrary<SessionEvent> = fc.constantFrom(...Object.values(sampleEvents));

  it('closes the browser once at most, and tells nothing afterwards, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (happenings) => {
        let state = freshSession(50_000);
        const done: string[] = [];
        for (const event of happenings) {
          const next = reduceSession(state, event, limits);
          ({ state } = next);
          done.push(...next.effects.map(({ type }) => type));
        }
        const closing = done.indexOf('close');
        expect(closing === -1 || closing === done.length - 1).toBe(true);
        expect(done.filter((type) => type === 'examine').length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('tells in turn that it is ready and that it is not any more, whatever happens', () => {
    const others = Object.values(sampleEvents).filter(({ type }) => type !== 'told-ready');
    fc.assert(
      fc.property(fc.array(fc.constantFrom<SessionEvent>(...others), { maxLength: 40 }), (happenings) => {
        let state = lost;
        const told: string[] = [];
        for (const event of happenings) {
          const next = reduceSession(state, event, limits);
          ({ state } = next);
          for (const effect of next.effects) {
            if (effect.type === 'tell-ready') told.push('ready');
            if (effect.type === 'tell' && effect.event.type === 'disconnected') told.push('disconnected');
          }
        }
        expect(told).toEqual(told.map((_, place) => (place % 2 === 0 ? 'ready' : 'disconnected')));
      }),
    );
  });
});
