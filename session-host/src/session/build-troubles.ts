import type { Log } from '@top-active/aws';

/** Sessions that had trouble with one build of WhatsApp's page, and when last, in milliseconds of a monotonic clock. */
export type Troubles = ReadonlyMap<string, ReadonlyMap<object, number>>;

/** Two sessions in trouble within so long are no accident of one account. */
const withinMs = 10 * 60_000;
const sessionsUntilAlarm = 2;

/** @returns the troubles with this one, and how many sessions have the same with this build when it is a matter of the build, else 0 */
export function noteTrouble(
  known: Troubles,
  { build, session, at }: { build: string; session: object; at: number },
): { next: Troubles; sessions: number } {
  const recent = new Map([...(known.get(build) ?? [])].filter(([, noted]) => at - noted <= withinMs));
  recent.set(session, at);
  const sessions = recent.size >= sessionsUntilAlarm ? recent.size : 0;
  return { next: new Map(known).set(build, recent), sessions };
}

export interface BuildTroubles {
  /** A session's messages didn't come through by themselves. */
  note(trouble: { build: string; session: object }): void;
}

/** Tells the operator when sessions of a host have the same trouble with the same build of WhatsApp's page. */
export function createBuildTroubles(log: Log): BuildTroubles {
  let troubles: Troubles = new Map();
  let told = new Map<string, number>();
  return {
    note({ build, session }) {
      const at = performance.now();
      const { next, sessions } = noteTrouble(troubles, { build, session, at });
      troubles = next;
      told = new Map([...told].filter(([, toldAt]) => at - toldAt <= withinMs));
      if (sessions === 0 || told.has(build)) return;
      told.set(build, at);
      log.error('Messages of several sessions do not come through on one build of WhatsApp’s page', {
        build,
        sessions,
      });
    },
  };
}
