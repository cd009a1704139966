import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  capabilityNames,
  capabilityReportSchema,
  instantSchema,
  type CapabilityName,
  type CapabilityReport,
} from '@top-active/core/contracts';
import { z } from 'zod';
import type { AwsClients } from '../calls/clients.ts';
import { cleanedValue } from '../metrics/metrics.ts';
import { knownBuildsPartition } from '../table-definitions.ts';

/** What all session hosts together know of one build of WhatsApp's page. Nothing of whose session met it. */
export const knownBuildSchema = capabilityReportSchema.pick({ build: true, capabilities: true }).extend({
  firstMetAt: instantSchema,
  lastMetAt: instantSchema,
  /** Names of the repairs that were applied. */
  repairs: z.array(z.string()),
});
export type KnownBuild = z.infer<typeof knownBuildSchema>;

export interface BuildNews {
  /** No session of any host had met this build. */
  isNew: boolean;
  /**
   * What no session of any host had missed on this build before. Each is told once for a build, however many sessions
   * meet it.
   */
  newlyMissing: CapabilityName[];
}

export interface KnownBuilds {
  /** Takes over what was found now. */
  meet(report: CapabilityReport): Promise<BuildNews>;
  /** Newest meeting first. */
  list(): Promise<KnownBuild[]>;
}

const everMissingSchema = z.set(z.string());
const timeoutMs = 4_000;

export function createKnownBuilds(clients: Pick<AwsClients, 'dynamodb'>, { table }: { table: string }): KnownBuilds {
  return {
    async meet(report) {
      const { at, capabilities, repairs } = report;
      const build = cleanedValue('build', report.build);
      const missing = capabilitiesIn(report, 'missing');
      const { Attributes } = await clients.dynamodb.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: knownBuildsPartition, sk: `BUILD#${build}` },
          // What was missing once stays noted: sessions on one build may find different things, in turns.
          UpdateExpression: `SET build = :build, firstMetAt = if_not_exists(firstMetAt, :at), lastMetAt = :at, capabilities = :capabilities, repairs = :repairs${
            missing.length > 0 ? ' ADD everMissing :missing' : ''
          }`,
          ExpressionAttributeValues: {
            ':build': build,
            ':at': at,
            ':capabilities': capabilities,
            ':repairs': repairs.filter(({ applied }) => applied).map(({ name }) => name),
            // A set of DynamoDB is never empty.
            ...(missing.length > 0 && { ':missing': new Set(missing) }),
          },
          ReturnValues: 'ALL_OLD',
        }),
        { abortSignal: AbortSignal.timeout(timeoutMs) },
      );
      const before = everMissingSchema.parse(Attributes?.everMissing ?? new Set());
      return { isNew: Attributes?.firstMetAt === undefined, newlyMissing: missing.filter((name) => !before.has(name)) };
    },
    async list() {
      const builds: KnownBuild[] = [];
      let start: Record<string, unknown> | undefined;
      do {
        const page = await clients.dynamodb.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': knownBuildsPartition },
            ExclusiveStartKey: start,
          }),
        );
        builds.push(...z.array(knownBuildSchema).parse(page.Items ?? []));
        start = page.LastEvaluatedKey;
      } while (start);
      return builds.toSorted((a, b) => (a.lastMetAt < b.lastMetAt ? 1 : -1));
    },
  };
}

/** Names of what is in a state, in the order of the contract. */
export function capabilitiesIn(
  { capabilities }: Pick<CapabilityReport, 'capabilities'>,
  state: 'ok' | 'repaired' | 'missing',
): CapabilityName[] {
  return capabilityNames.filter((name) => capabilities[name].state === state);
}
