import type { ProblemCode } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';

const refusals = {
  weak_password: {
    status: 400,
    detail: 'The password is too easy to guess.',
    remedy: 'Use at least ten characters, one of them a digit.',
  },
  invalid_code: {
    status: 400,
    detail: 'The confirmation code is not the one sent for this registration.',
    remedy: 'Enter the six digits of the newest e-mail, in the browser in which you registered.',
  },
  expired_code: {
    status: 400,
    detail: 'This registration has expired, or its code was tried too often.',
    remedy: 'Register again to get a new code.',
  },
  invalid_credentials: {
    status: 401,
    detail: 'E-mail and password do not belong together.',
    remedy: 'Check both and try again, or register.',
  },
  account_not_confirmed: {
    status: 403,
    detail: 'The e-mail address of this account was never confirmed.',
    remedy: 'Register again and enter the code that comes by e-mail.',
  },
  session_expired: { status: 401, detail: 'The session has ended.', remedy: 'Log in again.' },
  too_many_attempts: {
    status: 429,
    detail: 'There were too many attempts in a short time.',
    remedy: 'Wait for the seconds given in Retry-After and try again.',
    retryAfter: 60,
  },
} as const satisfies Partial<
  Record<ProblemCode, { status: number; detail: string; remedy: string; retryAfter?: number }>
>;

/** A refusal of the user pool in words that are the same whether or not the account exists. */
export function identityRefusal(
  code: keyof typeof refusals,
  cause?: unknown,
  better: { detail?: string; remedy?: string } = {},
): AppError {
  return new AppError({ code, ...refusals[code], ...better, cause });
}
