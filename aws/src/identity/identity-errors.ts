import {
  LimitExceededException,
  TooManyFailedAttemptsException,
  TooManyRequestsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { AppError } from '@top-active/core/errors';

/** A throttling of the user pool as a refusal, the same whether or not the account exists; anything else as it is. */
export function throttled(error: unknown): unknown {
  const isThrottling = isAny(error, [LimitExceededException, TooManyRequestsException, TooManyFailedAttemptsException]);
  return isThrottling ? new AppError('too_many_attempts', { retryAfter: 60, cause: error }) : error;
}

export function isAny(error: unknown, classes: readonly (abstract new (...args: never[]) => Error)[]): boolean {
  return classes.some((type) => error instanceof type);
}
