import type { AppError } from '@top-active/core/errors';
import type { z } from 'zod';
import { refuse } from '../http/refuse.ts';

/** The refusal of a password that is too short, when that is all that is wrong with a registration. */
export function tooShortPassword(issues: readonly z.core.$ZodIssue[]): AppError | undefined {
  const [issue] = issues;
  if (issues.length !== 1 || issue?.code !== 'too_small' || issue.path.join('.') !== 'password') return undefined;
  const remedy = `Choose a password with at least ${issue.minimum} characters.`;
  return refuse('weak_password', {
    detail: 'The password is too short.',
    remedy,
    errors: [{ field: 'password', message: 'password is too short', remedy }],
  });
}
