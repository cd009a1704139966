import { randomBytes } from 'node:crypto';

/** As Android phones make them: 32 hex digits. */
export function newMessageId(): string {
  return `AC${randomBytes(15).toString('hex').toUpperCase()}`;
}
