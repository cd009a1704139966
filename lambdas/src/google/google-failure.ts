import { gaxios } from 'google-auth-library';
import { z } from 'zod';

/**
 * Why Google didn't do what it was asked. `grant_lost`: the owner withdrew the consent, or it expired. `busy` and
 * `unreachable` may pass.
 */
export type GoogleFailure =
  | 'grant_lost'
  | 'permission_missing'
  | 'not_found'
  | 'conflict'
  | 'busy'
  | 'unreachable'
  | 'refused';

const bodySchema = z.object({
  error: z.union([
    z.string(),
    z.object({
      errors: z.array(z.object({ reason: z.string().optional() })).default([]),
      status: z.string().optional(),
    }),
  ]),
});

const rateLimits = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'calendarUsageLimitsExceeded',
]);
const missingScopes = new Set(['insufficientPermissions', 'forbidden', 'requiredAccessLevel']);

/** Undefined: the error isn't Google's. */
export function googleFailureOf(error: unknown): GoogleFailure | undefined {
  if (!(error instanceof gaxios.GaxiosError)) return undefined;
  const status = error.response?.status;
  if (status === undefined) return 'unreachable';
  const { code, reasons } = wordsOf(error.response?.data);
  if (code === 'invalid_grant' || status === 401) return 'grant_lost';
  if (status === 403 && reasons.some((reason) => rateLimits.has(reason))) return 'busy';
  if (status === 403 && reasons.some((reason) => missingScopes.has(reason))) return 'permission_missing';
  if (status === 404 || status === 410) return 'not_found';
  if (status === 409) return 'conflict';
  return status === 429 || status >= 500 ? 'busy' : 'refused';
}

function wordsOf(data: unknown): { code?: string; reasons: string[] } {
  const body = bodySchema.safeParse(data);
  if (!body.success) return { reasons: [] };
  const { error } = body.data;
  if (typeof error === 'string') return { code: error, reasons: [] };
  return { reasons: error.errors.flatMap(({ reason }) => reason ?? []) };
}
