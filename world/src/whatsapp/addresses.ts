import { createHash } from 'node:crypto';
import type { ChatKind } from './types.ts';

export const statusBroadcast = 'status@broadcast';

export function pnOf(number: string): string {
  return `${number}@c.us`;
}

/** The number as WhatsApp wrote it before Brazilian mobiles got a ninth digit; any other as it is. */
export function withoutNinthDigit(number: string): string {
  return number.replace(/^(55\d{2})9(\d{8})$/, '$1$2');
}

/** The hidden id of a number: 15 digits that tell nothing about it, and stay the same from one run to the next. */
export function lidOf(number: string): string {
  const digest = createHash('sha256').update(`lid:${number}`).digest();
  return `${(digest.readBigUInt64BE() % 900_000_000_000_000n) + 100_000_000_000_000n}@lid`;
}

export function kindOf(peer: string): ChatKind {
  if (peer === statusBroadcast) return 'status';
  if (peer.endsWith('@g.us')) return 'group';
  if (peer.endsWith('@newsletter')) return 'newsletter';
  return 'user';
}

/** Leaves the digits of a number as a person writes it: `+55 (11) 98888-7777`. */
export function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}

/**
 * The numbers under which a Brazilian mobile may be registered: WhatsApp keeps many that are older than the ninth
 * digit without it, whatever their owner dials.
 */
export function registrationCandidates(number: string): string[] {
  const mobile = /^55(\d{2})(9?)(\d{8})$/.exec(number);
  if (mobile === null) return [number];
  const [, area = '', , subscriber = ''] = mobile;
  return number.length === 13 ? [number, `55${area}${subscriber}`] : [number, `55${area}9${subscriber}`];
}
