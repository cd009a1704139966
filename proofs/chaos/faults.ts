import { rmSync, writeFileSync } from 'node:fs';
import type { Host } from './fleet.ts';

const faultKinds = [
  'kill -9 host',
  'kill -9 browser',
  'SIGSTOP',
  'cut from DynamoDB',
  'cut from SQS',
  'cut from WhatsApp',
  'slow EFS',
  'full EFS',
  'SIGTERM',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What may be struck. */
interface Target {
  host: Host;
  /** A browser of one of its users. */
  browser: number | undefined;
  diskFile: string;
}

interface Fault {
  /** Whether sessions have to begin anew. */
  kills: boolean;
  /** Of the whole fleet, not of one host. */
  everywhere?: true;
  /** Milliseconds until it is mended; 0: there is nothing to mend. */
  lastsMs: number;
  /** @returns what mends it */
  strike(target: Target): () => void;
}

const faults: Record<FaultKind, Fault> = {
  'kill -9 host': {
    kills: true,
    lastsMs: 0,
    strike({ host }) {
      host.isEnding = true;
      signal(host.supervisor, 'SIGKILL');
      return nothing;
    },
  },
  'kill -9 browser': {
    kills: true,
    lastsMs: 0,
    strike({ browser }) {
      if (browser !== undefined) signal(browser, 'SIGKILL');
      return nothing;
    },
  },
  SIGSTOP: {
    kills: true,
    lastsMs: 30_000,
    strike({ host }) {
      const { worker } = host;
      host.isEnding = true;
      if (worker !== undefined) signal(worker, 'SIGSTOP');
      return () => worker !== undefined && signal(worker, 'SIGCONT');
    },
  },
  'cut from DynamoDB': {
    kills: true,
    lastsMs: 25_000,
    strike({ host }) {
      host.isEnding = true;
      return cut(host.links.dynamodb);
    },
  },
  'cut from SQS': { kills: false, lastsMs: 20_000, strike: ({ host }) => cut(host.links.sqs) },
  'cut from WhatsApp': { kills: false, lastsMs: 15_000, strike: ({ host }) => cut(host.links.whatsapp) },
  'slow EFS': { kills: false, everywhere: true, lastsMs: 15_000, strike: ({ diskFile }) => trouble(diskFile, 'slow') },
  'full EFS': { kills: false, everywhere: true, lastsMs: 15_000, strike: ({ diskFile }) => trouble(diskFile, 'full') },
  SIGTERM: {
    kills: false,
    lastsMs: 0,
    strike({ host }) {
      host.isEnding = true;
      signal(host.supervisor, 'SIGTERM');
      return nothing;
    },
  },
};

export function faultOf(kind: FaultKind): Fault {
  return faults[kind];
}

/**
 * So many, each kind as often as any other, in an order that depends on the seed alone.
 * @param killsOnly none but those after which sessions have to begin anew
 */
export function planFaults(count: number, random: () => number, { killsOnly = false } = {}): FaultKind[] {
  const kinds = faultKinds.filter((kind) => !killsOnly || faults[kind].kills);
  const plan: FaultKind[] = [];
  while (plan.length < count) {
    const round = kinds.map((kind) => ({ kind, at: random() })).toSorted((a, b) => a.at - b.at);
    plan.push(...round.map(({ kind }) => kind));
  }
  return plan.slice(0, count);
}

/** The same numbers for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = Math.trunc(seed);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function cut(link: { cut(): void; mend(): void }): () => void {
  link.cut();
  return () => link.mend();
}

function trouble(diskFile: string, what: string): () => void {
  writeFileSync(diskFile, what);
  return () => rmSync(diskFile, { force: true });
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    // Gone already.
    return false;
  }
}

function nothing(): void {}
