import { describe, expect, it } from 'vitest';
import { createLiveness } from './liveness.ts';

const limits = {
  missesUntilDisconnected: 2,
  missesUntilDead: 6,
  ackUntilDisconnectedMs: 45_000,
  ackUntilDeadMs: 180_000,
  quietUntilAskedMs: 600_000,
  disconnectedUntilDeadMs: 600_000,
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

  it('asks WhatsApp when it has been quiet for long, doubts after one answer that did not come, and gives up after two', () => {
    const liveness = createLiveness(limits);
    expect(liveness.shouldAsk(0)).toBe(false);
    liveness.beat(good);
    expect(liveness.shouldAsk(599_999)).toBe(false);
    expect(liveness.shouldAsk(600_000)).toBe(true);
    liveness.unanswered();
    expect(liveness.verdict(600_000)).toEqual({ state: 'disconnected', reason: 'no_answer' });
    expect(liveness.shouldAsk(600_000)).toBe(true);
    liveness.heard(601_000);
    expect(liveness.verdict(601_000)).toEqual({ state: 'connected' });
    expect(liveness.shouldAsk(601_000)).toBe(false);
    liveness.unanswered();
    liveness.unanswered();
    expect(liveness.verdict(1_300_000)).toEqual({ state: 'dead', cause: 'connection_lost' });
  });

  it('gives up a page that was connected and does not come back, but waits for one that never was', () => {
    const liveness = createLiveness(limits);
    liveness.beat({ ...good, state: 'OPENING' });
    expect(liveness.verdict(0)).toEqual({ state: 'disconnected', reason: 'opening' });
    expect(liveness.verdict(900_000)).toEqual({ state: 'disconnected', reason: 'opening' });
    liveness.beat(good);
    expect(liveness.verdict(900_001)).toEqual({ state: 'connected' });
    liveness.beat({ ...good, state: 'OPENING' });
    expect(liveness.verdict(1_000_000)).toEqual({ state: 'disconnected', reason: 'opening' });
    expect(liveness.verdict(1_599_999)).toEqual({ state: 'disconnected', reason: 'opening' });
    expect(liveness.verdict(1_600_000)).toEqual({ state: 'dead', cause: 'connection_lost' });
  });

  it('does not ask while the page itself says that it has no connection', () => {
    const liveness = createLiveness(limits);
    liveness.heard(0);
    liveness.beat({ ...good, state: 'OPENING' });
    expect(liveness.shouldAsk(900_000)).toBe(false);
  });
});
