import { z } from 'zod';

/** Settings that this workspace needs; pick those that you use, extend by your own. */
export const awsEnvSchema = z.object({
  STAGE: z.string().min(1),
  /** True on the local stack with its simulated WhatsApp, Google and OpenAI. */
  SIMULATED: z.stringbool().default(false),
  ITEMS_TABLE: z.string().min(1),
  KEYS_TABLE: z.string().min(1),
  PLACEMENTS_TABLE: z.string().min(1),
  LIMITS_TABLE: z.string().min(1),
  ERASURES_TABLE: z.string().min(1),
  LEASES_TABLE: z.string().min(1),
  KMS_KEY_ID: z.string().min(1),
  TENANT_ROLE_ARN: z.string().startsWith('arn:'),
  USER_POOL_ID: z.string().min(1),
  USER_POOL_CLIENT_ID: z.string().min(1),
  USER_POOL_PRESENCE_CLIENT_ID: z.string().min(1),
  /** `iss` of the user pool's tokens; below it are the keys that they are signed with. */
  TOKEN_ISSUER: z.url().refine(isSafeFromChange, 'is neither HTTPS nor on this machine'),
  SHARDS: z.coerce.number().int().min(1).max(1024),
  WAKE_QUEUE_URL_TEMPLATE: z.url().refine((url) => url.includes('{shard}'), 'contains no {shard}'),
  ASSISTANT_QUEUE_URL: z.url(),
  REALTIME_ENDPOINT: z.url(),
  /** The HTTP API by its own address: routes for session hosts aren't reachable through CloudFront. */
  HOST_ACCESS_ENDPOINT: z.url(),
});

/** Whoever can change the keys on their way can sign tokens. */
function isSafeFromChange(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || hostname === '127.0.0.1';
}

export type AwsEnv = z.infer<typeof awsEnvSchema>;

/**
 * The settings of `schema`, checked: `readAwsEnv(process.env, awsEnvSchema.pick({ STAGE: true }).extend({ … }))`. Read
 * at cold start, never at import.
 * @throws {Error} naming every variable that is missing or malformed, without its value
 */
export function readAwsEnv<S extends z.ZodObject>(
  env: Readonly<Record<string, string | undefined>>,
  schema: S,
): z.infer<S> {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Environment is incomplete: ${problems.join('; ')}`);
}
