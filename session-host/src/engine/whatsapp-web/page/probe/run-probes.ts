import type { PreludeWindow } from '../repair-context.ts';
import type { Probe } from './probe-context.ts';

interface ProbedWindow extends PreludeWindow {
  Debug?: { VERSION?: unknown };
  topActiveWitness?: { attached: ReadonlyMap<string, unknown> };
}

export interface Probed {
  build: string;
  /** The page says its version, as it does once it has started. */
  hasStarted: boolean;
  /** Of each capability what the page doesn't have. */
  missing: Record<string, string[]>;
  /** Of each capability the detours by which it is there all the same. */
  detours: Record<string, string[]>;
  /** Of each capability the events to which nobody listens, neither the library nor the witness. */
  unheard: Record<string, string[]>;
  /** The library doesn't listen to everything, or not yet. */
  isAttaching: boolean;
  tookMs: number;
}

/** Runs in the page. Each probe by itself: one that throws is one capability less, and hurts no other. */
export function runProbes(probes: Readonly<Record<string, Probe>>): Probed {
  const page = globalThis as unknown as ProbedWindow;
  const ours = page.__topActive;
  if (!ours) throw new Error('The prelude is not in the page');
  const { need, modelOf, listens } = ours;
  let isAttaching = false;
  const began = performance.now();

  const isFunctionAt = (start: unknown, path: string): boolean => {
    const end = path
      .split('.')
      .reduce<unknown>(
        (at, name) => (at === null || at === undefined ? undefined : Reflect.get(Object(at), name)),
        start,
      );
    return typeof end === 'function';
  };

  const look = (probe: Probe): { missing: string[]; unheard: string[]; detours: string[] } => {
    const missing: string[] = [];
    const unheard: string[] = [];
    const detours: string[] = [];
    const expects = (what: string, holds: boolean): void => {
      if (!holds) missing.push(what);
    };
    try {
      probe({
        need,
        modelOf,
        expects,
        manages: (how) => void detours.push(how),
        expectsFunction: (module, ...paths) =>
          expects(
            `${module}.${paths.join(' or ')}`,
            paths.some((path) => isFunctionAt(need(module), path)),
          ),
        expectsListener: (event, calls) => {
          if (listens(event, calls)) return;
          isAttaching = true;
          const [first] = event.split(' ');
          if (page.topActiveWitness?.attached.has(`Msg ${first}`)) detours.push(`Msg ${event}: by the witness`);
          else unheard.push(`listener to Msg ${event}`);
        },
      });
    } catch (error) {
      missing.push(String(error));
    }
    return { missing, unheard, detours };
  };

  const found = Object.entries(probes).map(([name, probe]) => [name, look(probe)] as const);
  return {
    hasStarted: page.Debug?.VERSION !== undefined,
    build: String(page.Debug?.VERSION ?? 'unknown'),
    missing: Object.fromEntries(found.map(([name, { missing }]) => [name, missing])),
    unheard: Object.fromEntries(found.map(([name, { unheard }]) => [name, unheard])),
    detours: Object.fromEntries(found.map(([name, { detours }]) => [name, detours])),
    isAttaching,
    tookMs: performance.now() - began,
  };
}
