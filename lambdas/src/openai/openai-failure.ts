import { APIConnectionError, APIError, APIUserAbortError } from 'openai';

/**
 * Why OpenAI didn't do what it was asked. `key_refused` and `key_unusable` need the owner; `busy` and `unreachable` may
 * pass; `refused` is our own mistake, and would happen again.
 */
export type OpenAiFailure = 'key_refused' | 'key_unusable' | 'busy' | 'unreachable' | 'refused';

/** Undefined: the error isn't OpenAI's. */
export function openAiFailureOf(error: unknown): OpenAiFailure | undefined {
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError) return 'unreachable';
  if (!(error instanceof APIError)) return undefined;
  if (error.status === 401) return 'key_refused';
  if (error.status === 403) return 'key_unusable';
  if (error.status === 429) return withoutCredit.has(error.code ?? '') ? 'key_unusable' : 'busy';
  return typeof error.status === 'number' && error.status >= 500 ? 'busy' : 'refused';
}

const withoutCredit = new Set(['insufficient_quota', 'billing_not_active', 'billing_hard_limit_reached']);
