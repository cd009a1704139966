import { describe, expect, it } from 'vitest';
import { faultsOf, judge } from './judge.ts';
import type { RunRecords, UserRecord } from './records.ts';

const user: UserRecord = {
  name: 'u',
  written: [
    { text: 'in 1', at: 100, storedAt: 200 },
    { text: 'in 2', at: 2_100, storedAt: 14_100 },
    { text: 'in 3', at: 4_100, storedAt: 14_200 },
  ],
  stored: ['in 1', 'in 2', 'in 3'],
  ordered: [
    { text: 'out 1', state: 'SENT' },
    { text: 'out 2', state: 'UNKNOWN' },
  ],
  received: ['out 1', 'out 2'],
};
const run = (changes: Partial<UserRecord> = {}, more: Partial<RunRecords> = {}) =>
  judge({ users: [{ ...user, ...changes }], faults: [], browsers: [], newCodes: 0, ...more });

describe('the verdict', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(faultsOf(run())).toEqual([]);
    expect(run()).toMatchObject({ messagesIn: 3, messagesOut: 2, unknown: 1, failed: 0, open: 0 });
  });

  it.each([
    ['lost', { stored: ['in 1', 'in 3'] }],
    ['lost', { received: ['out 2'] }],
    ['duplicated', { stored: ['in 1', 'in 2', 'in 2', 'in 3'] }],
    ['duplicated', { received: ['out 1', 'out 2', 'out 1'] }],
    ['outOfOrder', { stored: ['in 2', 'in 1', 'in 3'] }],
    ['outOfOrder', { received: ['out 2', 'out 1'] }],
    ['open', { ordered: [...user.ordered, { text: 'out 3', state: 'CLAIMED' }] }],
  ])('finds what is %s', (name, changes) => {
    expect(faultsOf(run(changes))).toEqual([`${name}: 1`]);
  });

  it('tells why orders failed', () => {
    const late = { state: 'FAILED', failure: 'whatsapp_not_ready' };
    const { failed, failures } = run({ ordered: [{ text: 'a', ...late }, { text: 'b', ...late }, ...user.ordered] });
    expect(failed).toBe(2);
    expect(failures).toEqual({ whatsapp_not_ready: 2 });
  });

  it('calls what is unclear neither lost nor sent', () => {
    expect(faultsOf(run({ received: ['out 1'] }))).toEqual([]);
  });

  it('finds browsers of one user that were there at the same time, not those that followed each other', () => {
    const browser = (pid: number, from: number, to: number, whose: string | undefined = 'u') => ({
      pid,
      user: whose,
      from,
      to,
    });
    const count = (...browsers: ReturnType<typeof browser>[]) => run({}, { browsers }).doubleBrowsers;
    expect(count(browser(1, 0, 10), browser(2, 10, 20), browser(3, 5, 15, 'v'))).toBe(0);
    expect(count(browser(1, 0, 10), browser(2, 9, 20))).toBe(1);
    expect(count(browser(1, 0, 30), browser(2, 5, 8), browser(3, 20, 40))).toBe(2);
  });

  it('tells how long those who were struck had to wait for a message', () => {
    const fault = { kind: 'kill', host: 'a', at: 2_000, until: 22_000, users: ['u'], kills: true };
    const { failover, waits, kills } = run({}, { faults: [fault, { ...fault, kills: false, at: 0, until: 2_000 }] });
    expect(kills).toBe(1);
    expect(failover).toEqual({ sessions: 1, p50: 12, p95: 12, max: 12 });
    expect(waits.max).toBe(0.1);
  });
});
