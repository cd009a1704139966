import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { cognitoError } from './errors.ts';
import type { PasswordPolicy } from './pool-config.ts';

const derive = promisify<Buffer, Buffer, number, Buffer>((password, salt, length, done) =>
  scrypt(password, salt, length, { N: 2 ** 14, r: 8, p: 1 }, done),
);
const hashLength = 32;

/** `<salt>.<hash>`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(Buffer.from(password), salt, hashLength);
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

const nobodysHash = `${'A'.repeat(22)}.${'A'.repeat(43)}`;

/** Takes as long for a user that doesn't exist (no hash) as for one that does. */
export async function passwordMatches(password: string, stored: string | undefined): Promise<boolean> {
  const [salt = '', hash = ''] = (stored ?? nobodysHash).split('.');
  const derived = await derive(Buffer.from(password), Buffer.from(salt, 'base64url'), hashLength);
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url')) && stored !== undefined;
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
const symbols = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/;

/** Throws InvalidPasswordException that names what is missing. */
export function checkPassword(password: string, policy: PasswordPolicy): void {
  const missing = [
    password.length < policy.MinimumLength && 'Password not long enough',
    policy.RequireNumbers && !/\d/.test(password) && 'Password must have numeric characters',
    policy.RequireUppercase && !/\p{Lu}/u.test(password) && 'Password must have uppercase characters',
    policy.RequireLowercase && !/\p{Ll}/u.test(password) && 'Password must have lowercase characters',
    policy.RequireSymbols && !symbols.test(password) && 'Password must have symbol characters',
    password !== password.trim() && 'Password must not begin or end with a space',
  ].filter((problem) => problem !== false);
  if (missing.length > 0) {
    throw cognitoError('InvalidPasswordException', `Password did not conform with policy: ${missing.join(', ')}`);
  }
}
