import {
  capabilityNames,
  type Capability,
  type CapabilityName,
  type CapabilityReport,
} from '@top-active/core/contracts';
import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../../with-deadline.ts';
import type { RepairReport } from '../repair-context.ts';
import { sourcesOf } from '../sources-of.ts';
import { probes, restsOn } from './probes/index.ts';
import { probeStart } from './probes/start.ts';
import { runProbes } from './run-probes.ts';

const timeoutMs = 15_000;
const longestHow = 300;

const probedSchema = z.object({
  hasStarted: z.boolean(),
  build: z.string().transform((text) => text.slice(0, 64)),
  missing: z.record(z.string(), z.array(z.string())),
  detours: z.record(z.string(), z.array(z.string())),
  unheard: z.record(z.string(), z.array(z.string())),
  isAttaching: z.boolean(),
  tookMs: z.number(),
});

export interface PageProbe {
  report: CapabilityReport;
  /** The page has started: what it lacks is not only to come. */
  hasStarted: boolean;
  /** What the library can't start without, and isn't there, by WhatsApp's own names. */
  missingForStart: string[];
  /** The library doesn't listen to everything yet: the witness does in its place, as far as it can. */
  isAttaching: boolean;
  /** What the page doesn't have, whoever listens: for these a session need not be tried again. */
  lacking: CapabilityName[];
  /** How long WhatsApp's page was busy with it. */
  tookMs: number;
}

/**
 * Looks what can be done in the document that is shown. Reads only.
 * @param isListening the library has attached its listeners: where it hasn't, nothing is missing for that
 * @throws while the document is being replaced
 */
export async function probePage(
  page: Page,
  { repairs, isListening }: { repairs: readonly RepairReport[]; isListening: boolean },
): Promise<PageProbe> {
  const asked = page.evaluate(`(${runProbes.toString()})({${sourcesOf({ ...probes, start: probeStart })}})`);
  const { hasStarted, build, missing, unheard, detours, isAttaching, tookMs } = probedSchema.parse(
    await withDeadline(asked, timeoutMs, 'Probing the page'),
  );
  const capabilities = Object.fromEntries(
    capabilityNames.map((name) => {
      const applied = repairs.filter((repair) => repair.applied && restsOn[name]?.includes(repair.name));
      const ways = [...applied.map((repair) => `${repair.name}: ${repair.how}`), ...(detours[name] ?? [])];
      const lacks = [...(missing[name] ?? ['no probe']), ...((isListening && unheard[name]) || [])];
      return [name, toCapability(lacks, ways)];
    }),
  );
  return {
    report: {
      build,
      at: new Date().toISOString(),
      // One for each name.
      capabilities: capabilities as CapabilityReport['capabilities'],
      repairs: [...repairs],
    },
    hasStarted,
    missingForStart: missing.start ?? [],
    isAttaching,
    lacking: capabilityNames.filter((name) => missing[name]?.length !== 0),
    tookMs,
  };
}

function toCapability(missing: readonly string[], ways: readonly string[]): Capability {
  if (missing.length > 0) return { state: 'missing', how: missing.join(', ').slice(0, longestHow) };
  return ways.length > 0 ? { state: 'repaired', how: ways.join('; ').slice(0, longestHow) } : { state: 'ok' };
}
