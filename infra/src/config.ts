import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';

const environmentSchema = z.strictObject({
  /** Prefix of every stack's name. */
  stage: z.enum(['dev', 'prod']),
  region: z.string().regex(/^[a-z]{2}-[a-z]+-\d$/, 'is an AWS region like sa-east-1'),
  /** Number of shards of session hosts. Fixed at the first deployment: another number moves nearly every user. */
  shards: z.int().min(1).max(256),
  hosts: z.strictObject({
    /** Fargate tasks that hold WhatsApp sessions. One until hosts can hand sessions to each other. */
    count: z.literal(1),
    cpu: z.literal([1024, 2048, 4096, 8192]),
    memoryMiB: z.int().min(2048).max(61440),
    maxSessions: z.int().min(1).max(500),
  }),
  openAiModel: z.string().min(1),
  /** Of the OAuth client in the Google Cloud console; its secret is put into Secrets Manager by hand. */
  googleClientId: z.string().min(1),
  /** Whether tables, keys and buckets survive the deletion of their stack. */
  keepData: z.boolean(),
  logRetentionDays: z.literal([
    RetentionDays.ONE_WEEK,
    RetentionDays.ONE_MONTH,
    RetentionDays.THREE_MONTHS,
    RetentionDays.ONE_YEAR,
  ]),
});

export type Environment = z.infer<typeof environmentSchema>;

const environments = {
  dev: {
    stage: 'dev',
    region: 'us-east-1',
    shards: 16,
    hosts: { count: 1, cpu: 1024, memoryMiB: 4096, maxSessions: 10 },
    openAiModel: 'gpt-5-mini',
    googleClientId: 'set-me.apps.googleusercontent.com',
    keepData: false,
    logRetentionDays: RetentionDays.ONE_WEEK,
  },
  prod: {
    stage: 'prod',
    region: 'sa-east-1',
    shards: 16,
    hosts: { count: 1, cpu: 4096, memoryMiB: 16384, maxSessions: 40 },
    openAiModel: 'gpt-5-mini',
    googleClientId: 'set-me.apps.googleusercontent.com',
    keepData: true,
    logRetentionDays: RetentionDays.THREE_MONTHS,
  },
} satisfies Record<string, Environment>;

/**
 * The configuration of one environment.
 * @throws Error naming each wrong setting and what it must be.
 */
export function readEnvironment(stage: string): Environment {
  const found = Object.entries(environments).find(([name]) => name === stage)?.[1];
  if (!found)
    throw new Error(
      `There is no environment "${stage}": use one of ${Object.keys(environments).join(', ')} (infra/src/config.ts).`,
    );
  const parsed = environmentSchema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new Error(`infra/src/config.ts, environment "${stage}": ${z.prettifyError(parsed.error)}`);
}
