import { AppError } from '@top-active/core/errors';
import type { z } from 'zod';

/** The refusal of a password that is too short, when that is all that is wrong with a registration. */
export function tooShortPassword(issues: readonly z.core.$ZodIssue[]): AppError | undefined {
  const [issue] = issues;
  if (issues.length !== 1 || issue?.code !== 'too_small' || issue.path.join('.') !== 'password') return undefined;
  return lacking([`at least ${issue.minimum} characters`]);
}

/**
 * The user pool's rules, asked here: it may look at the password of accounts only, and that would tell of them.
 * @throws {AppError} `weak_password`
 */
export function requireStrength(password: string): void {
  const lacks = [
    ...(/\d/.test(password) ? [] : ['a digit']),
    ...(password === password.trim() ? [] : ['no spaces at its ends']),
  ];
  if (lacks.length > 0) throw lacking(lacks);
}

/** The same refusal naming what the password lacks, as far as the user pool's words tell; anything else as it is. */
export function nameWeakness(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'weak_password') return error;
  const words = error.cause instanceof Error ? error.cause.message : '';
  const lacks = poolWords.flatMap(([pattern, lack]) => (pattern.test(words) ? [lack] : []));
  return lacking(lacks.length > 0 ? lacks : ['more characters, and digits'], error.cause);
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html */
const poolWords = [
  [/not long enough|length/i, 'more characters'],
  [/numeric|number/i, 'a digit'],
  [/uppercase/i, 'an upper case letter'],
  [/lowercase/i, 'a lower case letter'],
  [/symbol/i, 'a symbol'],
] as const;

function lacking(lacks: string[], cause?: unknown): AppError {
  const list = lacks.join(', ');
  const remedy = `Choose a password with ${list}.`;
  return new AppError('weak_password', {
    detail: `The password is too easy to guess: it lacks ${list}.`,
    remedy,
    errors: [{ field: 'password', message: `password lacks ${list}`, remedy }],
    cause,
  });
}
