import { awsEnvSchema, readAwsEnv } from '@top-active/aws';
import { z } from 'zod';
import { whatsAppHosts } from './browser/egress/allowed-hosts.ts';

const jsonSchema = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('is not JSON');
    return z.NEVER;
  }
});

const envSchema = awsEnvSchema
  .pick({
    STAGE: true,
    SIMULATED: true,
    ITEMS_TABLE: true,
    KEYS_TABLE: true,
    PLACEMENTS_TABLE: true,
    LEASES_TABLE: true,
    HOST_ACCESS_ENDPOINT: true,
    KMS_KEY_ID: true,
    SHARDS: true,
    WAKE_QUEUE_URL_TEMPLATE: true,
    REALTIME_ENDPOINT: true,
  })
  .extend({
    /** Of the image, for people who look at the leases. */
    HOST_VERSION: z.string().min(1).default('unversioned'),
    /** Live browser profiles: local disk, of this host alone, not to be kept. */
    SCRATCH_DIR: z.string().startsWith('/'),
    /** Checkpoints: EFS. */
    CHECKPOINT_DIR: z.string().startsWith('/'),
    /** The browser itself, not a wrapper script: killing a wrapper leaves the browser running. */
    CHROMIUM_PATH: z.string().startsWith('/'),
    /**
     * Hosts that pages may reach, separated by commas; `any` only with the simulated WhatsApp, which brings its own
     * rules.
     */
    BROWSER_EGRESS: z
      .string()
      .regex(
        /^(?:any|(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:,(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+)*)$/,
        'is no list of host names',
      )
      .default(whatsAppHosts),
    /** More arguments for the browser, as a JSON array. */
    BROWSER_ARGS: jsonSchema.pipe(z.array(z.string())).default([]),
    /** Each browser runs under a user of its own, by the executables of this folder; without it under the host's. */
    BROWSER_USERS_DIR: z.string().startsWith('/').optional(),
    SETPRIV_PATH: z.string().startsWith('/').default('/usr/bin/setpriv'),
    MAX_SESSIONS: z.coerce.number().int().min(1).default(50),
    /** Of the whole task; without it only places are counted. */
    HOST_MEMORY_MIB: z.coerce.number().int().min(256).optional(),
    /** A session that takes more is begun anew. */
    SESSION_MEMORY_MIB: z.coerce.number().int().min(100).default(1_024),
    /** A browser that runs for so long is begun anew in its owner's night. */
    RECYCLE_AFTER_HOURS: z.coerce.number().min(1).default(24),
    /** A session without any message for so long is ended; 0: never. */
    IDLE_AFTER_DAYS: z.coerce.number().min(0).default(30),
    /** Of the operator's own account, through which a host tests itself; without it no host does. */
    CANARY_USER: z.uuid().optional(),
    CAPACITY_CHECK_SECONDS: z.coerce.number().min(0.1).default(60),
    HEALTH_PORT: z.coerce.number().int().min(0).max(65_535),
    HEALTH_ADDRESS: z.string().default('127.0.0.1'),
    /** The orchestrator kills the host some time after it asked it to stop: be done before. */
    STOP_TIMEOUT_SECONDS: z.coerce.number().min(1).default(25),
    /** How a person types: milliseconds per character, and bounds for one message. */
    TYPING_MS_PER_CHARACTER: z.coerce.number().min(0).default(15),
    TYPING_MIN_MS: z.coerce.number().min(0).default(300),
    TYPING_MAX_MS: z.coerce.number().min(0).default(1_500),
    /**
     * How long the app shows a code to type. WhatsApp doesn't tell; its own page shows one for three minutes and a
     * quarter.
     */
    PAIRING_CODE_SECONDS: z.coerce.number().min(1).max(600).default(180),
    CHECKPOINT_INTERVAL_MS: z.coerce.number().min(100).default(10_000),
  })
  .refine(({ SIMULATED, BROWSER_EGRESS }) => SIMULATED || BROWSER_EGRESS !== 'any', {
    path: ['BROWSER_EGRESS'],
    error: 'any is for the simulated WhatsApp: name the hosts that pages may reach',
  });

export type Env = z.infer<typeof envSchema>;

/** @throws {Error} naming every variable that is missing or malformed, without its value */
export function readEnv(env: Readonly<Record<string, string | undefined>>): Env {
  return readAwsEnv(env, envSchema);
}
