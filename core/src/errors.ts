import { problemStatuses, type FieldProblem, type ProblemCode } from './contracts/problem.ts';
import { problemWords } from './problem-words.ts';

/** What replaces the catalogue's words where the caller knows more. */
export interface ProblemOverrides {
  /** HTTP status, should the error reach an HTTP caller. */
  status?: number | undefined;
  /** What is wrong, in one English sentence without secrets or message content. */
  detail?: string | undefined;
  /** What the caller can do about it. */
  remedy?: string | undefined;
  errors?: FieldProblem[] | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** A refusal with a reason that the caller may know. Anything else that is thrown becomes an opaque 500. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ProblemCode;
  readonly title: string;
  readonly status: number;
  readonly remedy: string;
  readonly errors: FieldProblem[] | undefined;
  readonly retryAfter: number | undefined;

  /** Takes status and words from the catalogue, except for what `overrides` replaces. */
  constructor(code: ProblemCode, overrides: ProblemOverrides = {}) {
    const { title, detail, remedy } = problemWords[code];
    super(overrides.detail ?? detail, { cause: overrides.cause });
    this.code = code;
    this.title = title;
    this.status = overrides.status ?? problemStatuses[code];
    this.remedy = overrides.remedy ?? remedy;
    this.errors = overrides.errors;
    this.retryAfter = overrides.retryAfter;
  }
}

/** A queue message that can never succeed: acknowledge, log, keep; do not retry. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}
