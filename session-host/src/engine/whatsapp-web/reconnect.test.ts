import { describe, expect, it } from 'vitest';
import { reduceDisconnection, type Disconnection } from './reconnect.ts';

const limits = { pokeAfterMs: 20_000, pokeEveryMs: 25_000 };

/** At which times a page is poked whose state is this at each second. */
function pokesOf(states: string[]): number[] {
  let disconnection: Disconnection | undefined;
  return states.flatMap((state, second) => {
    const next = reduceDisconnection(disconnection, { state, now: second * 1000, limits });
    disconnection = next.disconnection;
    return next.poke ? [second] : [];
  });
}

describe('a page without a connection', () => {
  it('is left to itself for twenty seconds, and then poked again and again', () => {
    expect(pokesOf(Array.from({ length: 100 }, () => 'OPENING'))).toEqual([20, 45, 70, 95]);
  });

  it('is not poked while it is connected, and has its twenty seconds anew after that', () => {
    const lost = Array.from({ length: 19 }, () => 'OPENING');
    expect(pokesOf([...lost, 'CONNECTED', ...lost, 'CONNECTED'])).toEqual([]);
  });

  it.each(['CONFLICT', 'UNPAIRED', 'UNPAIRED_IDLE', 'PAIRING', 'TOS_BLOCK', 'BOOTING'])(
    'is not poked where a connection would change nothing: %s',
    (state) => {
      expect(pokesOf(Array.from({ length: 100 }, () => state))).toEqual([]);
    },
  );
});
