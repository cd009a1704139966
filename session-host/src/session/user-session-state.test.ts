import { describe, expect, it } from 'vitest';
import type { EngineSession } from '../engine/engine.ts';
import { canPair, freshUserSession, reduceUserSession, type UserSessionState } from './user-session-state.ts';

const session = {} as EngineSession;
const watched: UserSessionState = { ...freshUserSession, isWatched: true };

describe("what is known of a user's session", () => {
  it('begins anew with each attempt, but for what is saved', () => {
    const before: UserSessionState = {
      ...freshUserSession,
      faultAt: 1,
      isRemoved: true,
      checkpointAt: new Date(0),
      generation: 3,
    };
    const status = { state: 'reconnecting' } as const;
    expect(reduceUserSession(before, { type: 'start', interactive: false, status })).toEqual({
      ...before,
      status,
      faultAt: undefined,
      isRemoved: false,
      isWatched: false,
    });
  });

  it('is watched from a click, and in an attempt that is showing a code, until it is ready', () => {
    const start = { type: 'start', interactive: false } as const;
    expect(reduceUserSession(freshUserSession, { ...start, status: { state: 'qr' } }).isWatched).toBe(true);
    const clicked = { ...start, interactive: true, status: { state: 'linked' } } as const;
    expect(reduceUserSession(freshUserSession, clicked).isWatched).toBe(true);
    const begun = reduceUserSession(watched, { type: 'use', session, isReady: false });
    expect([begun.isWatched, begun.use]).toEqual([true, { session, isReady: false }]);
    const ready = reduceUserSession(begun, { type: 'use', session, isReady: true });
    expect([ready.isWatched, ready.use.isReady]).toEqual([false, true]);
    // Watched again: ready before, so that nothing becomes ready.
    const again = { ...ready, isWatched: true };
    expect(reduceUserSession(again, { type: 'use', session, isReady: true }).isWatched).toBe(true);
  });

  it('is the same object where nothing changes in its status', () => {
    expect(reduceUserSession(freshUserSession, { type: 'link', event: { type: 'interrupted' } })).toBe(
      freshUserSession,
    );
    const started = reduceUserSession(freshUserSession, { type: 'link', event: { type: 'start', resuming: false } });
    expect(started.status).toEqual({ state: 'starting' });
  });

  it('keeps what it is told', () => {
    const takenAt = new Date(5);
    const told = [
      { type: 'opened', generation: 2 },
      { type: 'browser', at: 10 },
      { type: 'saved', takenAt },
      { type: 'removed', isRemoved: true },
      { type: 'fault', at: 20 },
    ] as const;
    const state = told.reduce<UserSessionState>(reduceUserSession, freshUserSession);
    const expected = { generation: 2, browserSince: 10, checkpointAt: takenAt, isRemoved: true, faultAt: 20 };
    expect(state).toEqual({ ...freshUserSession, ...expected });
    expect(reduceUserSession(state, { type: 'forgotten' }).checkpointAt).toBeUndefined();
    expect(reduceUserSession(state, { type: 'refuse' }).status).toEqual({ state: 'starting' });
  });

  it('can be paired while nothing has happened on the phone', () => {
    const states = ['starting', 'qr', 'code', 'scanned', 'linked', 'failed'] as const;
    expect(states.filter((state) => canPair({ state }))).toEqual(['starting', 'qr', 'code']);
  });
});
