import { setTimeout } from 'node:timers/promises';
import type { CapabilityName, CapabilityReport } from '@top-active/core/contracts';
import type { Page } from 'puppeteer';
import { EngineError } from '../../../engine.ts';
import type { NoteFailure } from '../../note-failures.ts';
import type { Prelude } from '../prelude.ts';
import { probePage } from './probe-page.ts';

export interface CapabilityWatch {
  /** The page is in sync: what is it capable of? Once per document; told again daily. */
  look(page: Page): void;
  /**
   * Something failed while the session starts: is it for ever? Waits while what is missing may still come.
   * @returns what of WhatsApp's page nothing works without, and is missing; empty when nothing is, or it can't be told
   */
  essentialsMissing(page: Page): Promise<string[]>;
  /** Waits while what it needs may still come. @throws {EngineError} `refused` when the page can't */
  require(name: CapabilityName): Promise<void>;
  /**
   * What the document seemed to do by itself was found to come by a detour of ours alone. Told once for each document.
   */
  noteDetour(name: CapabilityName, how: string): void;
  stop(): void;
}

export interface CapabilityTimes {
  /**
   * Modules register one after the other: what is missing is looked for again so often, and for so long. Milliseconds.
   */
  probeAgainMs: number;
  probeForMs: number;
  /** A document that stays is probed anew. Milliseconds. */
  probeEveryMs: number;
}

const pollMs = 100;

/** Without these no message can be told from another, or none comes. */
const essential = ['identity', 'receive'] as const satisfies readonly CapabilityName[];

/** Keeps what the document that is shown is capable of. Only what is found missing after all tries is refused. */
export function createCapabilityWatch({
  prelude,
  onReport,
  onIncompatible,
  noteFailure,
  times,
}: {
  noteFailure: NoteFailure;
  prelude: () => Prelude | undefined;
  onReport: (report: CapabilityReport) => void;
  onIncompatible: (missing: string[]) => void;
  times: CapabilityTimes;
}): CapabilityWatch {
  /** Of the document that was looked at: what is settled, and what was found last. */
  let report: CapabilityReport | undefined;
  let latest: CapabilityReport | undefined;
  let lookedAt: number | undefined;
  let next: NodeJS.Timeout | undefined;
  const detours = new Map<CapabilityName, string>();

  function look(page: Page): void {
    const document = prelude()?.document;
    if (document === lookedAt) return;
    lookedAt = document;
    detours.clear();
    report = undefined;
    latest = undefined;
    void settle(page, { document, until: performance.now() + times.probeForMs });
  }

  /** Until nothing is missing or there was time enough for it to come. */
  async function settle(
    page: Page,
    { document, until }: { document: number | undefined; until: number },
  ): Promise<void> {
    clearTimeout(next);
    const again = (afterMs: number, untilThen: number): void => {
      next = globalThis.setTimeout(() => void settle(page, { document, until: untilThen }), afterMs).unref();
    };
    if (prelude()?.document !== document) return;
    let found: CapabilityReport;
    let isAttaching: boolean;
    try {
      const probed = await probePage(page, { repairs: prelude()?.reports() ?? [], isListening: true });
      found = withDetours(probed.report, detours);
      ({ isAttaching } = probed);
    } catch (error) {
      noteFailure('probing the page', error);
      // The document is going or gone; the next is looked at when it is in sync. One that is only busy is asked again.
      if (performance.now() < until) again(times.probeAgainMs, until);
      return;
    }
    if (prelude()?.document !== document) return;
    latest = found;
    const mayCome = isAttaching || missingIn(found).length > 0;
    if (mayCome && performance.now() < until) return again(times.probeAgainMs, until);
    report = found;
    onReport(found);
    const lost = essentialsOf(found);
    if (lost.length > 0) return onIncompatible(lost);
    again(times.probeEveryMs, performance.now() + times.probeEveryMs + times.probeForMs);
  }

  /** Empty also while the page starts, or is going. */
  async function lacks(page: Page): Promise<string[]> {
    try {
      const asked = probePage(page, { repairs: prelude()?.reports() ?? [], isListening: false });
      const { report: found, hasStarted, missingForStart } = await asked;
      return hasStarted ? [...missingForStart, ...essentialsOf(found)] : [];
    } catch (error) {
      // What can't be asked is not said to lack anything: the session ends with what it failed by.
      noteFailure('probing a page that starts', error);
      return [];
    }
  }

  return {
    look,
    async essentialsMissing(page) {
      const giveUpAt = performance.now() + times.probeForMs;
      let missing = await lacks(page);
      while (missing.length > 0 && performance.now() < giveUpAt) {
        await setTimeout(times.probeAgainMs);
        missing = await lacks(page);
      }
      return missing;
    },
    async require(name) {
      const giveUpAt = performance.now() + times.probeForMs;
      const mayCome = () => !report && (!latest || latest.capabilities[name].state === 'missing');
      while (mayCome() && prelude()?.document === lookedAt && performance.now() < giveUpAt) await setTimeout(pollMs);
      const capability = report?.capabilities[name];
      if (capability?.state !== 'missing' || prelude()?.document !== lookedAt) return;
      throw new EngineError('refused', `WhatsApp's page can't "${name}" any more: ${capability.how ?? 'unknown why'}`);
    },
    noteDetour(name, how) {
      if (detours.has(name)) return;
      detours.set(name, how);
      if (!report) return;
      report = withDetours(report, detours);
      onReport(report);
    },
    stop: () => clearTimeout(next),
  };
}

function withDetours(report: CapabilityReport, detours: ReadonlyMap<CapabilityName, string>): CapabilityReport {
  const capabilities = { ...report.capabilities };
  for (const [name, how] of detours)
    if (capabilities[name].state === 'ok') capabilities[name] = { state: 'repaired', how };
  return { ...report, capabilities };
}

function missingIn({ capabilities }: CapabilityReport): CapabilityName[] {
  return Object.entries(capabilities).flatMap(([name, { state }]) =>
    state === 'missing' ? [name as CapabilityName] : [],
  );
}

function essentialsOf({ capabilities }: CapabilityReport): string[] {
  return essential.flatMap((name) => (capabilities[name].state === 'missing' ? [capabilities[name].how ?? name] : []));
}
