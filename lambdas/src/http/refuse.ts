import type { ProblemCode } from '@top-active/core/contracts';
import { AppError, type AppErrorOptions } from '@top-active/core/errors';
import { problemCatalog } from './problem-catalog.ts';

/** A refusal with the catalogue's status and words, except for what the caller knows better. */
export function refuse(code: ProblemCode, better: Partial<Omit<AppErrorOptions, 'code'>> = {}): AppError {
  const { status, detail, remedy } = problemCatalog[code];
  return new AppError({ code, status, detail, remedy, ...better });
}
