import type { FieldProblem, PasswordWeakness } from '@top-active/core/contracts';
import { isOwnWord, type WhoseWords } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import type { z } from 'zod';
import { isGuessable } from './guessable.ts';

/** The refusal of a password that is too short, when that is all that is wrong with a request. */
export function tooShortPassword(issues: readonly z.core.$ZodIssue[]): AppError | undefined {
  const [issue] = issues;
  if (issues.length !== 1 || issue?.code !== 'too_small' || issue.path.join('.') !== 'password') return undefined;
  return lacking([`at least ${issue.minimum} characters`], { reason: 'too_short' });
}

/**
 * The rule for every new password. Asked here and before anything else: the user pool knows no list of common ones,
 * and may look at the password of accounts only, which would tell of them.
 * @throws {AppError} `weak_password`, whose field says the `reason`
 */
export async function requireStrength(password: string, whose: WhoseWords): Promise<void> {
  if (!/\d/.test(password)) throw lacking(['a digit'], { reason: 'no_digit' });
  if (password !== password.trim()) throw lacking(['no spaces at its ends'], { reason: 'outer_spaces' });
  if (isOwnWord(password, whose)) throw guessable('own_words', 'is made of the name, the e-mail or the product');
  if (await isGuessable(password, whose)) throw guessable('common', 'is among those that are tried first');
}

/** The same refusal naming what the password lacks, as far as the user pool's words tell; anything else as it is. */
export function nameWeakness(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'weak_password') return error;
  const words = error.cause instanceof Error ? error.cause.message : '';
  const lacks = poolWords.flatMap(([pattern, lack]) => (pattern.test(words) ? [lack] : []));
  return lacking(lacks.length > 0 ? lacks : ['more characters, and digits'], { cause: error.cause });
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html */
const poolWords = [
  [/not long enough|length/i, 'more characters'],
  [/numeric|number/i, 'a digit'],
  [/uppercase/i, 'an upper case letter'],
  [/lowercase/i, 'a lower case letter'],
  [/symbol/i, 'a symbol'],
] as const;

function lacking(lacks: string[], { cause, reason }: { cause?: unknown; reason?: PasswordWeakness } = {}): AppError {
  const list = lacks.join(', ');
  const remedy = `Choose a password with ${list}.`;
  return weak({ field: 'password', message: `password lacks ${list}`, remedy, reason }, cause);
}

function guessable(reason: PasswordWeakness, why: string): AppError {
  const remedy = 'Choose several words that have nothing to do with you, and a number.';
  return weak({ field: 'password', message: `password ${why}`, remedy, reason });
}

function weak({ reason, ...problem }: FieldProblem, cause?: unknown): AppError {
  return new AppError('weak_password', {
    detail: `The password is too easy to guess: the ${problem.message}.`,
    remedy: problem.remedy,
    errors: [{ ...problem, ...(reason && { reason }) }],
    cause,
  });
}
