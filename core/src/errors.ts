import type { FieldProblem, ProblemCode } from './contracts/problem.ts';

export interface AppErrorOptions {
  code: ProblemCode;
  /** HTTP status, should the error reach an HTTP caller. */
  status: number;
  /** What is wrong, in one English sentence without secrets or message content. */
  detail: string;
  /** What the caller can do about it. */
  remedy: string;
  errors?: FieldProblem[] | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** A refusal with a reason that the caller may know. Anything else that is thrown becomes an opaque 500. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ProblemCode;
  readonly status: number;
  readonly remedy: string;
  readonly errors: FieldProblem[] | undefined;
  readonly retryAfter: number | undefined;

  constructor(options: AppErrorOptions) {
    super(options.detail, { cause: options.cause });
    this.code = options.code;
    this.status = options.status;
    this.remedy = options.remedy;
    this.errors = options.errors;
    this.retryAfter = options.retryAfter;
  }
}

/** A queue message that can never succeed: acknowledge, log, keep; do not retry. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}
