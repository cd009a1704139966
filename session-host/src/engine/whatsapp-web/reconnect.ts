export interface ReconnectLimits {
  /** Without a connection for so long: the page is asked to try at once. */
  pokeAfterMs: number;
  /** And again after so long each. */
  pokeEveryMs: number;
}

/**
 * Since when the page has had no connection, and when it was last asked to try again. Milliseconds of a monotonic
 * clock.
 */
export interface Disconnection {
  since: number;
  pokedAt?: number | undefined;
}

/**
 * States in which the page looks for a connection by itself, later and later. In all others a new connection would
 * change nothing.
 */
const searching = new Set(['OPENING', 'TIMEOUT', 'UNLAUNCHED']);

/**
 * What a heartbeat says of a linked page's connection, and whether it should be poked. WhatsApp's page waits up to a
 * quarter of an hour between two tries, whenever the network comes back.
 */
export function reduceDisconnection(
  disconnection: Disconnection | undefined,
  { state, now, limits }: { state: string; now: number; limits: ReconnectLimits },
): { disconnection: Disconnection | undefined; poke: boolean } {
  if (!searching.has(state)) return { disconnection: undefined, poke: false };
  const current = disconnection ?? { since: now };
  const isDue = now - current.since >= limits.pokeAfterMs && now - (current.pokedAt ?? -Infinity) >= limits.pokeEveryMs;
  return { disconnection: isDue ? { ...current, pokedAt: now } : current, poke: isDue };
}
