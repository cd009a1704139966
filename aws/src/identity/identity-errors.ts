import {
  LimitExceededException,
  TooManyFailedAttemptsException,
  TooManyRequestsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { identityRefusal } from './identity-refusals.ts';

/** A throttling of the user pool as a refusal; anything else as it is. */
export function throttled(error: unknown): unknown {
  const isThrottling = isAny(error, [LimitExceededException, TooManyRequestsException, TooManyFailedAttemptsException]);
  return isThrottling ? identityRefusal('too_many_attempts', error) : error;
}

export function isAny(error: unknown, classes: readonly (abstract new (...args: never[]) => Error)[]): boolean {
  return classes.some((type) => error instanceof type);
}
