import { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { expect, it } from 'vitest';
import { openAiFailureOf } from './openai-failure.ts';

const refusal = (status: number | undefined, error: object, message?: string) =>
  APIError.generate(status, { error: { message: 'x', ...error } }, message, new Headers());

it.each([
  [401, { code: 'invalid_api_key' }, 'key_refused'],
  [401, { code: 'incorrect_hostname' }, 'wrong_host'],
  [401, { message: 'You have insufficient permissions. Missing scopes: model.request' }, 'restricted'],
  [401, {}, 'key_doubtful'],
  [403, { code: 'model_not_found' }, 'model_not_allowed'],
  [403, { message: 'missing scopes: x' }, 'restricted'],
  [403, { code: 'unsupported_country_region_territory' }, 'region'],
  [403, { code: 'something' }, 'not_allowed'],
  [429, { code: 'new_word_for_it', type: 'insufficient_quota' }, 'no_credit'],
  [429, { code: 'insufficient_quota' }, 'no_credit'],
  [429, { code: 'billing_not_active' }, 'no_credit'],
  [429, { code: 'billing_hard_limit_reached' }, 'no_credit'],
  [429, { code: 'rate_limit_exceeded' }, 'busy'],
  [404, { code: 'model_not_found' }, 'model_gone'],
  [400, { code: 'model_not_found' }, 'model_gone'],
  [400, { code: 'context_length_exceeded' }, 'too_long'],
  [400, { code: 'invalid_prompt' }, 'flagged'],
  [400, { code: 'invalid_request_error' }, 'refused'],
  [404, {}, 'refused'],
  [408, {}, 'busy'],
  [409, {}, 'busy'],
  [422, {}, 'refused'],
  [499, {}, 'refused'],
  [500, {}, 'busy'],
  [503, { code: 'server_is_overloaded' }, 'busy'],
])('%i %j is %s', (status, error, failure) => {
  expect(openAiFailureOf(refusal(status, error))).toBe(failure);
});

it('is unreachable without an answer, and nothing of ours for any other error', () => {
  expect(openAiFailureOf(new APIConnectionError({ message: 'reset' }))).toBe('unreachable');
  expect(openAiFailureOf(new APIUserAbortError())).toBe('unreachable');
  expect(openAiFailureOf(new Error('Throttled'))).toBeUndefined();
});
