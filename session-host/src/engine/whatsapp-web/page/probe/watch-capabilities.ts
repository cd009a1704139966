import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { CapabilityName, CapabilityReport } from '@top-active/core/contracts';
import type { Page } from 'puppeteer';
import { EngineError } from '../../../engine.ts';
import type { NoteFailure } from '../../note-failures.ts';
import type { Prelude } from '../prelude.ts';
import { probePage, type PageProbe } from './probe-page.ts';

export interface CapabilityWatch {
  /** The page is in sync: what is it capable of? Once per document; told again daily. */
  look(page: Page): void;
  /**
   * Something failed while the session starts: is it for ever? Waits while what is missing may still come.
   * @returns what of WhatsApp's page nothing works without, and is missing; empty when nothing is, or it can't be told
   */
  essentialsMissing(page: Page): Promise<string[]>;
  /**
   * Waits while what it needs may still come, and looks once more.
   * @throws {EngineError} `refused` when the page can't
   */
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
  /** What was missing after that is looked for again so often: a slow page has it later. Milliseconds. */
  probeMissingEveryMs: number;
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
  let shown: Page | undefined;
  let toldAt = -Infinity;
  let next: NodeJS.Timeout | undefined;
  let isStopped = false;
  const detours = new Map<CapabilityName, string>();

  function look(page: Page): void {
    const document = prelude()?.document;
    if (document === lookedAt) return;
    lookedAt = document;
    shown = page;
    detours.clear();
    report = undefined;
    latest = undefined;
    void settle(page, { document, until: performance.now() + times.probeForMs });
  }

  /** What the document has now. Undefined: it is going, gone or too busy to answer. */
  async function probe(page: Page, document: number | undefined): Promise<PageProbe | undefined> {
    try {
      const probed = await probePage(page, { repairs: prelude()?.reports() ?? [], isListening: true });
      if (prelude()?.document !== document) return undefined;
      latest = withDetours(probed.report, detours);
      return { ...probed, report: latest };
    } catch (error) {
      noteFailure('probing the page', error);
      return undefined;
    }
  }

  /** Until nothing is missing or there was time enough for it to come; later what is missing is looked for again. */
  async function settle(
    page: Page,
    { document, until }: { document: number | undefined; until: number },
  ): Promise<void> {
    clearTimeout(next);
    const again = (afterMs: number, untilThen = until): void => {
      next = globalThis.setTimeout(() => void settle(page, { document, until: untilThen }), afterMs).unref();
    };
    if (prelude()?.document !== document) return;
    const probed = await probe(page, document);
    // The next document is looked at when it is in sync.
    if (isStopped || prelude()?.document !== document) return;
    const mayCome = !probed || probed.isAttaching || missingIn(probed.report).length > 0;
    if (mayCome && performance.now() < until) return again(times.probeAgainMs);
    if (!probed) return again(times.probeMissingEveryMs);
    conclude(probed.report);
    const lost = essentialsOf(probed.report).filter(({ name }) => probed.lacking.includes(name));
    if (lost.length > 0) return onIncompatible(lost.map(({ how }) => how));
    if (missingIn(probed.report).length > 0) return again(times.probeMissingEveryMs);
    again(times.probeEveryMs, performance.now() + times.probeEveryMs + times.probeForMs);
  }

  /** Tells what is news, and daily what is not. */
  function conclude(found: CapabilityReport): void {
    const isNews = !isDeepStrictEqual(report?.capabilities, found.capabilities);
    report = found;
    if (!isNews && performance.now() - toldAt < times.probeEveryMs) return;
    toldAt = performance.now();
    onReport(found);
  }

  /** Empty also while the page starts, or is going. */
  async function lacks(page: Page): Promise<string[]> {
    try {
      const asked = probePage(page, { repairs: prelude()?.reports() ?? [], isListening: false });
      const { report: found, hasStarted, missingForStart } = await asked;
      return hasStarted ? [...missingForStart, ...essentialsOf(found).map(({ how }) => how)] : [];
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
      if (report?.capabilities[name].state !== 'missing' || prelude()?.document !== lookedAt) return;
      const probed = shown && (await probe(shown, lookedAt));
      if (probed) conclude(probed.report);
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
    stop() {
      isStopped = true;
      clearTimeout(next);
    },
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

function essentialsOf({ capabilities }: CapabilityReport): { name: CapabilityName; how: string }[] {
  return essential.flatMap((name) =>
    capabilities[name].state === 'missing' ? [{ name, how: capabilities[name].how ?? name }] : [],
  );
}
