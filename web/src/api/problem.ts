import type { FieldProblem, Problem, ProblemCode } from '@top-active/core/contracts';

/** Reasons that only the browser knows: no answer, a late answer, or one that isn't what the contract says. */
type ClientProblemCode = 'network' | 'timeout' | 'unexpected_answer';
export type AnyProblemCode = ProblemCode | ClientProblemCode;

/** Everything that a call to the API can fail with. `code` has a sentence in each language. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: AnyProblemCode;
  readonly fields: readonly FieldProblem[];
  /** Seconds to wait before the same request can succeed. */
  readonly retryAfter: number | undefined;
  /** Request id to quote to support. */
  readonly requestId: string | undefined;

  constructor(
    code: AnyProblemCode,
    details: Partial<Pick<Problem, 'errors' | 'retryAfter' | 'instance' | 'detail'>> = {},
    cause?: unknown,
  ) {
    super(details.detail ?? code, { cause });
    this.code = code;
    this.fields = details.errors ?? [];
    this.retryAfter = details.retryAfter;
    this.requestId = details.instance;
  }
}

/** For `catch`: what isn't a problem of the API is a bug and goes on up. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  throw error;
}

/** True when the same request may be sent again with hope: nothing was refused, it only didn't get through. */
export function isTransient(problem: ApiProblem): boolean {
  return problem.code === 'network' || problem.code === 'timeout' || problem.code === 'internal';
}
