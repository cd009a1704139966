import { describe, expect, it } from 'vitest';
import { noteTrouble, receptionShown, sessionsInTrouble, type Troubles } from './build-troubles.ts';
import { countRestricted, countTroubles } from './report-reception.ts';

const minute = 60_000;

describe('troubles with one build', () => {
  it('are a matter of the build once two sessions have them within ten minutes', () => {
    const [first, second] = [{}, {}];
    let known: Troubles = new Map();
    const note = (session: object, at: number, build = '2.3000.1') => {
      const { next, sessions } = noteTrouble(known, { build, session, at });
      known = next;
      return sessions;
    };
    expect(note(first, 0)).toBe(0);
    expect(note(first, minute)).toBe(0);
    expect(note(second, 2 * minute, '2.3000.2')).toBe(0);
    expect(note(second, 12 * minute)).toBe(0);
    expect(note(first, 13 * minute)).toBe(2);
  });

  it('pass by themselves', () => {
    let known: Troubles = new Map();
    for (const at of [0, minute]) known = noteTrouble(known, { build: 'A', session: {}, at }).next;
    const sessions = (at: number, build = 'A') => sessionsInTrouble(known, { build, at });
    expect([sessions(10 * minute), sessions(10 * minute, 'B'), sessions(10 * minute + 1)]).toEqual([2, 0, 0]);
  });

  it('make messages late for who has none of them, and nobody’s own state better', () => {
    const states = ['ok', 'late', 'unreadable', 'failing'] as const;
    expect(states.map((own) => receptionShown(own, true))).toEqual(['late', 'late', 'unreadable', 'failing']);
    expect(states.map((own) => receptionShown(own, false))).toEqual(states);
  });

  it('are counted for linked sessions, by build', () => {
    const since = '2030-01-01T00:00:00.000Z';
    const health = (state: 'ok' | 'late', build?: string) => ({
      reception: { state, since },
      ...(build !== undefined && { page: { build, since } }),
      missing: [],
      restrictions: [],
    });
    const counts = countTroubles([
      { state: 'linked', health: health('late', 'A') },
      { state: 'linked', health: health('late', 'A') },
      { state: 'linked', health: health('late') },
      { state: 'linked', health: health('ok', 'B') },
      { state: 'reconnecting', health: health('late', 'B') },
      { state: 'linked' },
    ]);
    expect([...counts]).toEqual([
      ['A', 2],
      ['unknown', 1],
    ]);
  });

  it('with restrictions are counted where something is limited', () => {
    const since = '2030-01-01T00:00:00.000Z';
    const restricted = (...levels: ('warning' | 'limited')[]) => ({
      reception: { state: 'ok' as const, since },
      missing: [],
      restrictions: levels.map((level) => ({ kind: 'reachout' as const, level })),
    });
    const count = countRestricted([
      { state: 'linked', health: restricted('limited') },
      { state: 'linked', health: restricted('warning', 'limited') },
      { state: 'linked', health: restricted('warning') },
      { state: 'unlinked', health: restricted('limited') },
      { state: 'linked' },
    ]);
    expect(count).toBe(2);
  });
});
