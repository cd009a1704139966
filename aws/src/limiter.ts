import type { LimitKey } from '@top-active/core/domain';

export interface Limiter {
  /**
   * Counts an attempt against every key before it is made, so that parallel guesses count too. What is refused isn't
   * counted. A failed attempt needs no further call.
   */
  attempt(keys: readonly LimitKey[]): Promise<{ allowed: true } | { allowed: false; retryAfterSeconds: number }>;
  /** The attempt was the owner's: takes it back, forgets what the account's and the pair's keys counted, remembers the pair for 90 days. */
  succeeded(keys: readonly LimitKey[]): Promise<void>;
}
