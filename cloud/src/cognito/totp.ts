import { createHmac, randomBytes } from 'node:crypto';

const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;

/** Base32 of 20 random bytes, as authenticator apps take it. */
export function newTotpSecret(): string {
  // 32 characters of 5 bits each.
  return Array.from(randomBytes(32), (byte) => base32Alphabet.charAt(byte & 31)).join('');
}

/** RFC 6238: six digits, 30 s, SHA-1. */
export function totpCode(secret: string, at: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(stepOf(at)));
  const digest = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

/** The time step of a code that is right now, or was or will be 30 s from now; undefined for a wrong one. */
export function totpStep(secret: string, code: string, now: number): number | undefined {
  const at = [0, -1, 1].map((steps) => now + steps * stepMs).find((time) => totpCode(secret, time) === code);
  return at === undefined ? undefined : stepOf(at);
}

function stepOf(at: number): number {
  return Math.floor(at / stepMs);
}

function decodeBase32(text: string): Buffer {
  const bits = Array.from(text, (character) => base32Alphabet.indexOf(character).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
