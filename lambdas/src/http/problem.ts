import type { FieldProblem, Problem } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { HTTPException } from 'hono/http-exception';

export const problemContentType = 'application/problem+json';

/** The refusal that an error stands for. Undefined: nothing that a caller may know about. */
export function refusalOf(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  // Thrown by Hono's own validators, should a request get past ours.
  if (error instanceof HTTPException && error.status === 400) return new AppError('invalid_json');
  if (error instanceof HTTPException && error.status === 415) return new AppError('unsupported_media_type');
  return undefined;
}

/** RFC 9457 body of a refusal. `requestId` is what support finds the request by. */
export function problemOf(refusal: AppError, requestId: string): Problem {
  return {
    type: `urn:top-active:problem:${refusal.code}`,
    title: refusal.title,
    status: refusal.status,
    code: refusal.code,
    detail: refusal.message,
    remedy: refusal.remedy,
    instance: requestId,
    ...(refusal.errors && { errors: refusal.errors }),
    ...(refusal.retryAfter !== undefined && { retryAfter: refusal.retryAfter }),
  };
}

/** 400 for fields that are not as they must be; `detail` names them for readers who look no further. */
export function invalidRequest(errors: FieldProblem[]): AppError {
  const named = errors.map((error) => error.message).join('; ');
  return new AppError('invalid_request', { errors, ...(named && { detail: `${named}.` }) });
}
