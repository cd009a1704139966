import { gaxios } from 'google-auth-library';
import { expect, it } from 'vitest';
import { googleFailureOf } from './google-failure.ts';

const config = { url: new URL('https://www.googleapis.com/'), headers: new Headers() };

function refusal(status: number | undefined, data: unknown): Error {
  // Its body has been read, as it is where the client fails.
  const response = { status, data, config, headers: new Headers(), bodyUsed: true };
  const answered = status === undefined ? undefined : (response as unknown as gaxios.GaxiosResponse);
  return new gaxios.GaxiosError('refused', config, answered);
}

const because = (...reasons: (string | undefined)[]) => ({ error: { errors: reasons.map((reason) => ({ reason })) } });

it.each([
  [400, { error: 'invalid_grant' }, 'grant_lost'],
  [401, because('authError'), 'grant_lost'],
  [403, because('rateLimitExceeded'), 'busy'],
  [403, because('userRateLimitExceeded'), 'busy'],
  [403, because('quotaExceeded'), 'busy'],
  [403, because(undefined, 'calendarUsageLimitsExceeded'), 'busy'],
  [403, because('insufficientPermissions'), 'permission_missing'],
  [403, because('forbidden'), 'permission_missing'],
  [403, because('requiredAccessLevel'), 'permission_missing'],
  [403, because('somethingNew'), 'refused'],
  [403, 'no JSON at all', 'refused'],
  [400, because('rateLimitExceeded'), 'refused'],
  [400, because('insufficientPermissions'), 'refused'],
  [400, { error: 'invalid_request' }, 'refused'],
  [404, because('notFound'), 'not_found'],
  [410, because('deleted'), 'not_found'],
  [409, because('duplicate'), 'conflict'],
  [429, because('rateLimitExceeded'), 'busy'],
  [499, {}, 'refused'],
  [500, {}, 'busy'],
  [503, { error: { status: 'UNAVAILABLE' } }, 'busy'],
])('%i %j is %s', (status, data, failure) => {
  expect(googleFailureOf(refusal(status, data))).toBe(failure);
});

it('is unreachable without an answer, and nothing of ours for any other error', () => {
  expect(googleFailureOf(refusal(undefined, undefined))).toBe('unreachable');
  expect(googleFailureOf(new Error('Throttled'))).toBeUndefined();
});
