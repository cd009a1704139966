import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Environment } from './environment-schema.ts';

/**
 * The environments there are: the one file that an operator edits. A value that begins with `set-me` is good enough
 * for templates to look at, and refused by a deployment. What each setting means stands in `environment-schema.ts`.
 */
export const environments = {
  /** Cheap: everything of it can be deleted. */
  dev: {
    stage: 'dev',
    region: 'us-east-1',
    shards: 16,
    network: { hosts: 'publicSubnets', flowLogs: false },
    hosts: { min: 1, max: 1, cpu: 1024, memoryMiB: 4096, maxSessions: 10 },
    apiRequestsPerSecond: 50,
    openAiModel: 'gpt-6-luna',
    googleClientId: 'set-me.apps.googleusercontent.com',
    keepData: false,
    logRetentionDays: RetentionDays.ONE_WEEK,
    monthlyBudgetUsd: 50,
    alarmEmail: 'set-me@example.com',
  },
  /** Safe: data survives its stack, and the door has a guard. */
  prod: {
    stage: 'prod',
    region: 'sa-east-1',
    shards: 16,
    network: { hosts: 'publicSubnets', flowLogs: true },
    hosts: { min: 1, max: 4, cpu: 4096, memoryMiB: 16384, maxSessions: 40 },
    apiRequestsPerSecond: 500,
    openAiModel: 'gpt-6-luna',
    googleClientId: 'set-me.apps.googleusercontent.com',
    firewall: { requestsPerFiveMinutes: 3000, signInsPerFiveMinutes: 100 },
    keepData: true,
    logRetentionDays: RetentionDays.THREE_MONTHS,
    backup: { retentionDays: 35, locked: true },
    monthlyBudgetUsd: 600,
    alarmEmail: 'set-me@example.com',
  },
} satisfies Record<string, Environment>;
