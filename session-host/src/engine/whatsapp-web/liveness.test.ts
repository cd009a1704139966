import { describe, expect, it } from 'vitest';
import { createLiveness } from './liveness.ts';

const limits = {
  missesUntilDisconnected: 2,
  missesUntilDead: 6,
  ackUntilDisconnectedMs: 45_000,
  ackUntilDeadMs: 180_000,
};
const good = { state: 'CONNECTED', hasSynced: true, injected: true };

describe('liveness', () => {
  it('is connected while the page says so and is in sync', () => {
    const liveness = createLiveness(limits);
    expect(liveness.verdict(0)).toEqual({ state: 'disconnected', reason: 'booting' });
    liveness.beat(good);
    expect(liveness.verdict(0)).toEqual({ state: 'connected' });
    liveness.beat({ ...good, hasSynced: false });
    expect(liveness.verdict(0)).toEqual({ state: 'disconnected', reason: 'syncing' });
    liveness.beat({ ...good, state: 'OPENING' });
    expect(liveness.verdict(0)).toEqual({ state: 'disconnected', reason: 'opening' });
  });

  it('forgives one unanswered heartbeat, then doubts, then gives up', () => {
    const liveness = createLiveness(limits);
    liveness.beat(good);
    const states = Array.from({ length: 6 }, () => {
      liveness.missed();
      return liveness.verdict(0).state;
    });
    expect(states).toEqual(['connected', 'disconnected', 'disconnected', 'disconnected', 'disconnected', 'dead']);
    liveness.beat(good);
    expect(liveness.verdict(0)).toEqual({ state: 'connected' });
  });

  it('does not believe the page when no tick comes for what was sent', () => {
    const liveness = createLiveness(limits);
    liveness.beat(good);
    liveness.sent('A', 1_000);
    expect(liveness.verdict(45_999)).toEqual({ state: 'connected' });
    expect(liveness.verdict(46_000)).toEqual({ state: 'disconnected', reason: 'no_tick' });
    expect(liveness.verdict(181_000)).toEqual({ state: 'dead', cause: 'connection_lost' });
    liveness.acknowledged('A');
    expect(liveness.verdict(181_000)).toEqual({ state: 'connected' });
  });

  it('waits for no tick that came before it was known what was sent', () => {
    const liveness = createLiveness(limits);
    liveness.beat(good);
    liveness.acknowledged('A');
    liveness.sent('A', 1_000);
    expect(liveness.verdict(500_000)).toEqual({ state: 'connected' });
  });
});
