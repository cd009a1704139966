/**
 * Full jitter: a random wait below a limit that doubles with each failed attempt, so that many browsers don't come back
 * in the same instant after an outage.
 */
export function backoffDelay(attempt: number, { base = 1_000, cap = 30_000, random = Math.random } = {}): number {
  const limit = Math.min(cap, base * 2 ** Math.min(attempt, 16));
  return Math.round(limit / 2 + (random() * limit) / 2);
}
