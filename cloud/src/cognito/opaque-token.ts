import { createHash, randomBytes } from 'node:crypto';

/** A secret for the client to hand back; what is stored is its hash. */
export function newOpaqueToken(): { token: string; hash: string } {
  const token = randomBytes(96).toString('base64url');
  return { token, hash: hashToken(token) };
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
