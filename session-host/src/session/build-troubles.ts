import type { Log } from '@top-active/aws';
import type { Reception } from '@top-active/core/contracts';

/** Sessions that had trouble with one build of WhatsApp's page, and when last, in milliseconds of a monotonic clock. */
export type Troubles = ReadonlyMap<string, ReadonlyMap<object, number>>;

/** Two sessions in trouble within so long are no accident of one account. */
const withinMs = 10 * 60_000;
const sessionsUntilAlarm = 2;

/**
 * @returns the troubles with this one, and how many sessions have the same with this build when it is a matter of the
 * build, else 0
 */
export function noteTrouble(
  known: Troubles,
  { build, session, at }: { build: string; session: object; at: number },
): { next: Troubles; sessions: number } {
  const recent = new Map(recently(known, build, at));
  recent.set(session, at);
  const next = new Map(known).set(build, recent);
  return { next, sessions: sessionsInTrouble(next, { build, at }) };
}

/** How many sessions have had trouble with this build lately, when it is a matter of the build, else 0. */
export function sessionsInTrouble(known: Troubles, { build, at }: { build: string; at: number }): number {
  const { length } = recently(known, build, at);
  return length >= sessionsUntilAlarm ? length : 0;
}

function recently(known: Troubles, build: string, at: number): [object, number][] {
  return [...(known.get(build) ?? [])].filter(([, noted]) => at - noted <= withinMs);
}

/**
 * What the owner sees: on a build that others have trouble with, messages may be late here too, also where none has
 * come since.
 */
export function receptionShown(own: Reception['state'], isBuildTroubled: boolean): Reception['state'] {
  return own === 'ok' && isBuildTroubled ? 'late' : own;
}

export interface BuildTroubles {
  /** A session's messages didn't come through by themselves. */
  note(trouble: { build: string; session: object }): void;
  /** Several sessions have trouble with this build, and had lately. */
  isTroubled(build: string): boolean;
  /** `onChange` is called whenever a build may have become troubled, or is no more. @returns ends it */
  watch(onChange: () => void): () => void;
}

/**
 * Tells the operator, and every session, when sessions of a host have the same trouble with the same build of
 * WhatsApp's page.
 */
export function createBuildTroubles(log: Log): BuildTroubles {
  let troubles: Troubles = new Map();
  let told = new Map<string, number>();
  const watchers = new Set<() => void>();
  let passing: NodeJS.Timeout | undefined;

  function tellAll(): void {
    for (const onChange of watchers) onChange();
  }

  return {
    note({ build, session }) {
      const at = performance.now();
      const { next, sessions } = noteTrouble(troubles, { build, session, at });
      troubles = next;
      told = new Map([...told].filter(([, toldAt]) => at - toldAt <= withinMs));
      if (sessions === 0) return;
      tellAll();
      clearTimeout(passing);
      passing = setTimeout(tellAll, withinMs + 1).unref();
      if (told.has(build)) return;
      told.set(build, at);
      log.error('Messages of several sessions do not come through on one build of WhatsApp’s page', {
        build,
        sessions,
      });
    },
    isTroubled: (build) => sessionsInTrouble(troubles, { build, at: performance.now() }) > 0,
    watch(onChange) {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
  };
}
