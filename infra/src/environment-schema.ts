import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html: MiB per CPU units, in steps.
 */
const fargateMemory = {
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
} as const;

const domainName = z.hostname('must be a domain name like app.example.com, without https://').includes('.', {
  error: 'must be a domain name like app.example.com',
});
const email = z.email('must be an e-mail address');

const hosts = z
  .strictObject({
    /**
     * Fargate tasks that hold WhatsApp sessions: `min` at least; from there to `max` the number grows with sessions and
     * memory, and a person makes it smaller. They share the shards, and hand them over one by one when their number
     * changes.
     */
    min: z.int().min(1, 'must be at least 1: without a host nobody is linked'),
    max: z.int(),
    /** Of one task; 1024 are one vCPU. */
    cpu: z.literal([1024, 2048, 4096, 8192]),
    memoryMiB: z.int(),
    /** Browsers in one task at most. */
    maxSessions: z
      .int()
      .min(1)
      .max(128, 'must be at most 128: the image has user accounts for 128 browsers (session-host/Dockerfile)'),
    /** Id of the operator's own user: with that account hosts test themselves on each new build of WhatsApp's page. */
    canaryUser: z.uuid('must be the id of a user').optional(),
  })
  .refine(({ min, max }) => min <= max, { path: ['max'], error: 'must not be below hosts.min' })
  .superRefine(({ cpu, memoryMiB }, context) => {
    const { from, to, step } = fargateMemory[cpu];
    if (memoryMiB < from || memoryMiB > to || memoryMiB % step)
      context.addIssue({
        code: 'custom',
        path: ['memoryMiB'],
        message: `must be ${from} to ${to} in steps of ${step}: Fargate offers nothing else with ${cpu} CPU units`,
      });
  });

/** Shorter than the 400 days for which tombstones are kept. */
export const longestBackupDays = 365;

export const environmentSchema = z
  .strictObject({
    /** Prefix of every stack's name. */
    stage: z.enum(['dev', 'prod']),
    region: z.string().regex(/^[a-z]{2}-[a-z]+-\d$/, 'must be an AWS region like sa-east-1'),
    /** Number of shards of session hosts. Fixed at the first deployment: another number moves nearly every user. */
    shards: z.int().min(1).max(256),
    network: z.discriminatedUnion('hosts', [
      z.strictObject({
        /** Hosts have public addresses and no inbound rule: below about 100 users that beats a NAT gateway. */
        hosts: z.literal('publicSubnets'),
        /** A log of which addresses talked to which, for investigations. */
        flowLogs: z.boolean(),
      }),
      z.strictObject({
        /** Hosts have no public address and go out through NAT gateways. */
        hosts: z.literal('nat'),
        /** One is a single point of failure for what goes out; two are one per zone. */
        natGateways: z.literal([1, 2]),
        flowLogs: z.boolean(),
      }),
    ]),
    hosts,
    /** Of all users together; API Gateway answers 429 to what is more. A guard for the bill, not for one client. */
    apiRequestsPerSecond: z.int().min(1).max(10_000),
    /** OpenAI's name of the model that writes the proposals, for everybody: docs/adr/038-model.md. */
    openAiModel: z.string().min(1),
    /** Of the OAuth client in the Google Cloud console; its secret is put into Secrets Manager, never here. */
    googleClientId: z
      .string()
      .endsWith(
        '.apps.googleusercontent.com',
        'must be the client id of an OAuth client, ending in .apps.googleusercontent.com',
      ),
    /** The app's own address; left out, CloudFront's. Its zone must be in Route 53 in the same account. */
    domain: z
      .strictObject({
        name: domainName,
        hostedZoneId: z
          .string()
          .regex(/^Z[A-Z0-9]+$/, 'must be the id of a hosted zone in Route 53, like Z0123456789ABC'),
        zoneName: domainName,
      })
      .refine(({ name, zoneName }) => name === zoneName || name.endsWith(`.${zoneName}`), {
        path: ['name'],
        error: 'must be the zone (domain.zoneName) or a name in it',
      })
      .optional(),
    /**
     * Who writes the e-mails with confirmation codes; left out, Cognito itself: 50 a day, and not from your address.
     */
    email: z
      .strictObject({
        /** Sender; its domain must be a verified identity in SES, in this environment's region. */
        from: email,
        senderName: z.string().min(1),
        verifiedDomain: domainName,
      })
      .refine(({ from, verifiedDomain }) => from.endsWith(`@${verifiedDomain}`), {
        path: ['from'],
        error: 'must be an address of email.verifiedDomain',
      })
      .optional(),
    /** Cognito's plan Plus: refuses passwords that have leaked, and sign-ins at high risk. Priced per active user. */
    threatProtection: z.boolean().default(false),
    /** Limits of one client address at CloudFront, enforced by WAF; left out, there is no WAF (and no bill for it). */
    firewall: z
      .strictObject({
        requestsPerFiveMinutes: z.int().min(100),
        /** To /api/auth/, where guesses are made. */
        signInsPerFiveMinutes: z.int().min(10),
      })
      .optional(),
    /**
     * Number of the secret between CloudFront and the functions. One more and a deployment change it, without a gap.
     */
    originSecret: z.int().min(1).default(1),
    /** Whether tables, keys and buckets survive the deletion of their stack, and are protected from deletion. */
    keepData: z.boolean(),
    /**
     * After a restore: ARN of the stream that the table `items` has since then, as `npm run ops -- restore` prints it.
     * Left out, the one it was made with.
     */
    itemsStream: z
      .string()
      .regex(
        /^arn:aws[\w-]*:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/\d[\dT:.-]+$/,
        'must be the ARN of a stream of a table, as npm run ops -- restore prints it',
      )
      .optional(),
    logRetentionDays: z.literal([
      RetentionDays.ONE_WEEK,
      RetentionDays.ONE_MONTH,
      RetentionDays.THREE_MONTHS,
      RetentionDays.ONE_YEAR,
    ]),
    /**
     * Daily copies of tables and checkpoints; left out, there are none but the tables' own recovery to any second of 35
     * days.
     */
    backup: z
      .strictObject({
        /** What a person erases stays in copies for so long. */
        retentionDays: z
          .int()
          .min(1)
          .max(longestBackupDays, 'must be at most 365: a copy must not outlive the tombstones of erased users'),
        /** Copies cannot be deleted before their time, but by who may take the lock away. */
        locked: z.boolean(),
      })
      .optional(),
    /** The bill at which its owner is told, in US dollars per month. */
    monthlyBudgetUsd: z.number().positive(),
    /** Who gets alarms and the budget's warnings; confirms the subscription by a click. */
    alarmEmail: email,
  })
  .refine(({ hosts, shards }) => hosts.max <= shards, {
    path: ['hosts', 'max'],
    error: 'must not be above shards: a host without a shard has nothing to do',
  })
  .refine(({ stage, keepData }) => stage !== 'prod' || keepData, {
    path: ['keepData'],
    error: 'must be true for prod: without it, people lose their accounts when a stack is deleted',
  });

/** One environment as it is written down: what has a default may be left out. */
export type Environment = z.input<typeof environmentSchema>;
