import { z } from 'zod';

/**
 * Every reason for which a request can be refused, and the HTTP status that it is answered with. Its words stand in
 * `problem-words.ts` and in each language of the web app; the compiler asks for them.
 */
export const problemStatuses = {
  invalid_request: 400,
  invalid_json: 400,
  unsupported_media_type: 415,
  body_too_large: 413,
  not_found: 404,
  method_not_allowed: 405,
  unauthorized: 401,
  forbidden_origin: 403,
  wrong_address: 403,
  too_many_attempts: 429,
  account_locked: 429,
  mail_unavailable: 503,
  invalid_credentials: 401,
  account_exists: 409,
  weak_password: 400,
  invalid_code: 400,
  expired_code: 400,
  session_expired: 401,
  account_erased: 410,
  openai_key_invalid: 400,
  openai_key_elsewhere: 400,
  openai_region_refused: 400,
  openai_key_unusable: 400,
  openai_unreachable: 502,
  google_not_connected: 409,
  google_state_invalid: 400,
  google_permission_missing: 409,
  google_unreachable: 502,
  whatsapp_not_linked: 409,
  whatsapp_already_connecting: 409,
  whatsapp_already_linked: 409,
  whatsapp_restricted: 409,
  whatsapp_notice_not_accepted: 409,
  whatsapp_notice_outdated: 409,
  passkey_request_gone: 409,
  passkey_invalid: 422,
  chat_not_found: 404,
  suggestion_not_found: 404,
  suggestion_not_pending: 409,
  slot_taken: 409,
  idempotency_key_reused: 422,
  host_refused: 403,
  conflict: 409,
  internal: 500,
} as const;
export type ProblemCode = keyof typeof problemStatuses;

export const problemCodeSchema = z.enum(codesOf(problemStatuses));

/** Why a new password is refused: it is short, on the lists of common ones, made of the account's own words, … */
export const passwordWeaknessSchema = z.enum(['too_short', 'common', 'own_words', 'no_digit', 'outer_spaces']);
export type PasswordWeakness = z.infer<typeof passwordWeaknessSchema>;

/** One bad field: where it is (`workingHours.mon.0.from`), what is wrong with it, and what to do. */
export const fieldProblemSchema = z.object({
  field: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** With `weak_password` only. */
  reason: passwordWeaknessSchema.optional(),
});
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

/** RFC 9457 problem details, sent as `application/problem+json`. `instance` is the request id to quote to support. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: problemCodeSchema,
  detail: z.string(),
  remedy: z.string(),
  instance: z.string(),
  errors: z.array(fieldProblemSchema).optional(),
  /** Seconds, as in the Retry-After header. */
  retryAfter: z.int().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

function codesOf<C extends string>(statuses: Readonly<Record<C, number>>): C[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
  return Object.keys(statuses) as C[];
}
