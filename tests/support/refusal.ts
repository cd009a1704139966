import { problemSchema, type Problem } from '@top-active/core/contracts';
import { ApiError } from '@top-active/local/client';
import { expect } from 'vitest';

/** The problem with which a request was refused. Fails when it was not, or when the problem says nothing to do. */
export async function refusalOf(request: Promise<unknown>): Promise<Problem> {
  const error: unknown = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error('It was not refused', { cause: error });
  expectHelpful(error.problem);
  return error.problem;
}

/** For requests that no client of ours sends. */
export async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expectHelpful(problem);
  return problem;
}

function expectHelpful({ detail, remedy, instance, errors = [] }: Problem): void {
  for (const text of [detail, remedy, instance]) expect(text).not.toBe('');
  for (const { field, message, remedy: remedyOfField } of errors)
    for (const text of [field, message, remedyOfField]) expect(text).not.toBe('');
}
