import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new token in the shape of Google's own, with `prefix` such as `ya29.` or `1//`. */
export function newToken(prefix: string): string {
  return `${prefix}simulated-${randomBytes(32).toString('base64url')}`;
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Compares a secret with a stored hash without telling by time how far they agree. */
export function matches(secret: string, hash: string): boolean {
  const given = Buffer.from(hashOf(secret));
  const stored = Buffer.from(hash);
  return given.length === stored.length && timingSafeEqual(given, stored);
}
