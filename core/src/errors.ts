import { problemStatuses, type FieldProblem, type ProblemCode } from './contracts/problem.ts';
import { problemWords } from './problem-words.ts';

/** What a place knows better than the catalogue. */
export interface BetterKnown {
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

  /** With the catalogue's status and words, except for what is known better. */
  constructor(code: ProblemCode, better: BetterKnown = {}) {
    const { title, detail, remedy } = problemWords[code];
    super(better.detail ?? detail, { cause: better.cause });
    this.code = code;
    this.title = title;
    this.status = better.status ?? problemStatuses[code];
    this.remedy = better.remedy ?? remedy;
    this.errors = better.errors;
    this.retryAfter = better.retryAfter;
  }
}

/** A queue message that can never succeed: acknowledge, log, keep; do not retry. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}
