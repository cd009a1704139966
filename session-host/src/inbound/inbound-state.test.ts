import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshInbound, reduceInbound, storedUntil, type InboundChange, type InboundState } from './inbound-state.ts';

const noon = new Date('2030-01-01T12:00:00.000Z');
const began = new Date('2030-01-01T12:05:00.000Z');
const later = new Date('2030-01-01T12:10:00.000Z');

const linking = freshInbound({ caughtUpAt: undefined, hasHistory: undefined });
const resumed = freshInbound({ caughtUpAt: noon, hasHistory: undefined });
const samples = {
  linking,
  'linking, fetching': { ...linking, turn: 1 },
  resumed,
  'resumed, fetching': { ...resumed, turn: 1 },
  listening: { ...resumed, turn: 1, isBehind: false },
  'linked anew, still fetching': { ...resumed, turn: 1, hasHistory: false, linkedInTurn: 1 },
} satisfies Record<string, InboundState>;
type Sample = keyof typeof samples;

const changes = {
  linked: { type: 'linked' },
  paused: { type: 'paused' },
  begun: { type: 'catch-up begun' },
  'the newest ended': { type: 'catch-up ended', turn: 1, began },
  'an older one ended': { type: 'catch-up ended', turn: -1, began },
  'nothing waits': { type: 'nothing waits', at: later },
} satisfies Record<string, InboundChange>;

/** Every state × every change: what becomes another. A dot: nothing at all. */
const table: Record<keyof typeof changes, Record<Sample, string>> = {
  linked: {
    linking: 'linkedInTurn=0',
    'linking, fetching': 'linkedInTurn=1',
    resumed: 'hasHistory=false linkedInTurn=0',
    'resumed, fetching': 'hasHistory=false linkedInTurn=1',
    listening: 'hasHistory=false linkedInTurn=1',
    'linked anew, still fetching': '.',
  },
  paused: {
    linking: 'turn=1',
    'linking, fetching': 'turn=2',
    resumed: 'turn=1',
    'resumed, fetching': 'turn=2',
    listening: 'isBehind=true turn=2',
    'linked anew, still fetching': 'turn=2',
  },
  begun: {
    linking: 'turn=1',
    'linking, fetching': 'turn=2',
    resumed: 'turn=1',
    'resumed, fetching': 'turn=2',
    listening: 'isBehind=true turn=2',
    'linked anew, still fetching': 'turn=2',
  },
  'the newest ended': {
    // Of no turn: nobody has begun a catch-up yet.
    linking: 'caughtUpAt=12:05 hasHistory=true',
    'linking, fetching': 'caughtUpAt=12:05 hasHistory=true isBehind=false',
    resumed: '.',
    'resumed, fetching': 'caughtUpAt=12:05 isBehind=false',
    listening: 'caughtUpAt=12:05',
    // What it fetched was the earlier link's.
    'linked anew, still fetching': 'caughtUpAt=12:05 isBehind=false',
  },
  'an older one ended': {
    linking: 'caughtUpAt=12:05 hasHistory=true',
    'linking, fetching': 'caughtUpAt=12:05 hasHistory=true',
    resumed: '.',
    'resumed, fetching': '.',
    listening: '.',
    'linked anew, still fetching': '.',
  },
  'nothing waits': {
    linking: '.',
    'linking, fetching': '.',
    resumed: '.',
    'resumed, fetching': '.',
    listening: 'caughtUpAt=12:10',
    'linked anew, still fetching': '.',
  },
};

function describeChange(before: InboundState, after: InboundState): string {
  const changed = (Object.keys(after) as (keyof InboundState)[])
    .filter((key) => after[key] !== before[key])
    .map((key) => `${key}=${after[key] instanceof Date ? after[key].toISOString().slice(11, 16) : String(after[key])}`)
    .toSorted();
  return changed.join(' ') || '.';
}

describe('how far all is stored', () => {
  for (const [name, row] of Object.entries(table) as [keyof typeof changes, Record<Sample, string>][])
    for (const [sample, expected] of Object.entries(row) as [Sample, string][])
      it(`${sample} + ${name} → ${expected}`, () => {
        expect(describeChange(samples[sample], reduceInbound(samples[sample], changes[name]))).toBe(expected);
      });

  it('begins with history where it is known until when all was stored, unless something else is known', () => {
    expect(freshInbound({ caughtUpAt: noon, hasHistory: undefined }).hasHistory).toBe(true);
    expect(freshInbound({ caughtUpAt: undefined, hasHistory: undefined }).hasHistory).toBe(false);
    expect(freshInbound({ caughtUpAt: noon, hasHistory: false }).hasHistory).toBe(false);
  });

  it('goes on by itself only while somebody listens and the newest catch-up has ended', () => {
    const anyChange = fc.constantFrom<InboundChange>(...Object.values(changes));
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 20 }), (happened) => {
        const before = happened.reduce(reduceInbound, linking);
        const after = reduceInbound(before, changes['nothing waits']);
        expect(after.caughtUpAt === later && before.caughtUpAt !== later).toBe(
          !before.isBehind && before.caughtUpAt !== later,
        );
        expect(reduceInbound(after, changes.paused).isBehind).toBe(true);
      }),
    );
  });
});

describe('the time until when all is stored', () => {
  const listening: InboundState = { ...samples.listening, caughtUpAt: began };

  it('is that of the chat that is behind the longest, if it is earlier', () => {
    expect(storedUntil(listening, undefined)).toBe(began);
    expect(storedUntil(listening, noon)).toBe(noon);
    expect(storedUntil(listening, later)).toBe(began);
  });

  it('is none while all was never stored, or a chat is without its history', () => {
    expect(storedUntil(listening, false)).toBeUndefined();
    expect(storedUntil(linking, undefined)).toBeUndefined();
    expect(storedUntil(linking, noon)).toBeUndefined();
  });
});
