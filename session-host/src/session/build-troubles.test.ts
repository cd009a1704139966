import { describe, expect, it } from 'vitest';
import { noteTrouble, type Troubles } from './build-troubles.ts';
import { countTroubles } from './report-reception.ts';

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
});
