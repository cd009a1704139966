import { describe, expect, it } from 'vitest';
import { localDay, localTime, resolveEnd, resolveTime } from './owner-time.ts';

const zone = 'America/Sao_Paulo';
const iso = (epoch: number | undefined) => (epoch === undefined ? undefined : new Date(epoch).toISOString());

describe('resolveTime', () => {
  it.each([
    ['2026-11-24T14:00', '2026-11-24T17:00:00.000Z'],
    ['2026-11-24 14:00', '2026-11-24T17:00:00.000Z'],
    ['2026-11-24', '2026-11-24T03:00:00.000Z'],
    ['2026-11-24T14:00:00Z', '2026-11-24T14:00:00.000Z'],
    ['2026-11-24T14:00:00-05:00', '2026-11-24T19:00:00.000Z'],
  ])("reads %s in the owner's zone unless it has its own", (text, expected) => {
    expect(iso(resolveTime(text, zone))).toBe(expected);
  });

  it.each(['tomorrow', '', '2026-13-01T10:00', '25:00'])('knows that %s is no time', (text) => {
    expect(resolveTime(text, zone)).toBeUndefined();
  });
});

describe('resolveEnd', () => {
  it('takes a mere date for the end of that day, also of a day with another length', () => {
    expect(iso(resolveEnd('2026-11-24', zone))).toBe('2026-11-25T03:00:00.000Z');
    expect(iso(resolveEnd('2026-11-01', 'America/New_York'))).toBe('2026-11-02T05:00:00.000Z');
    expect(iso(resolveEnd('2026-11-24T12:00', zone))).toBe('2026-11-24T15:00:00.000Z');
  });
});

describe("the owner's clock", () => {
  it('is that of the zone, not that of the machine', () => {
    expect(localTime('2026-11-24T01:30:00.000Z', zone)).toBe('2026-11-23T22:30');
    expect(localDay('2026-11-24T01:30:00.000Z', zone)).toBe('Monday, 2026-11-23');
  });
});
