import { describe, expect, it } from 'vitest';
import { reduceUpdate } from './page-update.ts';

const minute = 60_000;
const limits = { updateQuietMs: 5 * minute, updateLatestMs: 360 * minute, updateAgainMs: 60 * minute };

describe('a page of which there is a newer version', () => {
  const at = (now: number, activeAt: number, update = {}) =>
    reduceUpdate(update, { needsUpdate: true, activeAt, now, limits });

  it('is loaded anew once all is quiet', () => {
    expect(at(4 * minute, 0).reload).toBe(false);
    expect(at(5 * minute, 0)).toEqual({ update: { since: 5 * minute, reloadedAt: 5 * minute }, reload: true });
  });

  it('is loaded anew in the middle of it all when there was no quiet moment for hours', () => {
    expect(at(359 * minute, 359 * minute, { since: 0 }).reload).toBe(false);
    expect(at(360 * minute, 360 * minute, { since: 0 }).reload).toBe(true);
  });

  it('is not loaded again and again by a page that says so for ever', () => {
    expect(at(100 * minute, 0, { since: 0, reloadedAt: 41 * minute }).reload).toBe(false);
    expect(at(101 * minute, 0, { since: 0, reloadedAt: 41 * minute }).reload).toBe(true);
  });

  it('is left alone when it is the newest', () => {
    const next = reduceUpdate({ since: 0 }, { needsUpdate: false, activeAt: 0, now: 500 * minute, limits });
    expect(next).toEqual({ update: {}, reload: false });
  });
});
