import { z } from 'zod';

/**
 * Every reason for which a request can be refused. The web app translates by code, so a new code needs a sentence in
 * each of its languages.
 */
export const problemCodes = [
  'invalid_request',
  'invalid_json',
  'unsupported_media_type',
  'body_too_large',
  'not_found',
  'method_not_allowed',
  'unauthorized',
  'forbidden_origin',
  'wrong_address',
  'too_many_attempts',
  'invalid_credentials',
  'account_not_confirmed',
  'weak_password',
  'invalid_code',
  'expired_code',
  'session_expired',
  'account_erased',
  'openai_key_invalid',
  'openai_key_elsewhere',
  'openai_region_refused',
  'openai_key_unusable',
  'openai_unreachable',
  'google_not_connected',
  'google_state_invalid',
  'google_permission_missing',
  'google_unreachable',
  'whatsapp_not_linked',
  'whatsapp_already_connecting',
  'whatsapp_already_linked',
  'whatsapp_restricted',
  'whatsapp_notice_not_accepted',
  'whatsapp_notice_outdated',
  'passkey_request_gone',
  'passkey_invalid',
  'chat_not_found',
  'suggestion_not_found',
  'suggestion_not_pending',
  'slot_taken',
  'idempotency_key_reused',
  'host_refused',
  'conflict',
  'internal',
] as const;

export const problemCodeSchema = z.enum(problemCodes);
export type ProblemCode = z.infer<typeof problemCodeSchema>;

/** One bad field: where it is (`workingHours.mon.0.from`), what is wrong with it, and what to do. */
export const fieldProblemSchema = z.object({
  field: z.string(),
  message: z.string(),
  remedy: z.string(),
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
