import { metrics, type Log, type MetricName } from '@top-active/aws';
import type { EngineEvent } from '../engine/engine.ts';
import type { BuildTroubles } from './build-troubles.ts';

type Missed = Extract<EngineEvent, { type: 'missed' }>;

const metricOf = {
  deaf: 'PageDeaf',
  unreadable: 'MessagesUnreadable',
  unstored: 'MessagesUnstored',
  silent: 'PageSilent',
} as const satisfies Record<Missed['level'], MetricName>;

/** What a host does about messages that didn't come through as they should, through all browsers of one session. */
export interface ReceptionWatch {
  onBuild(build: string): void;
  onMissed(missed: Missed): void;
  /** Whether the session may be begun anew for it. Asking counts as doing it. */
  mayRestart(): boolean;
}

export function createReceptionWatch({
  troubles,
  restartEveryMs,
  log,
}: {
  troubles: BuildTroubles;
  restartEveryMs: number;
  log: Log;
}): ReceptionWatch {
  const session = {};
  let build = 'unknown';
  let restartedAt = -Infinity;
  return {
    onBuild(shown) {
      build = shown;
    },
    onMissed({ level, messages }) {
      metrics.emit(metricOf[level], messages);
      log.warn('Messages did not come through by themselves', { level, messages, build });
      // Storing has nothing to do with WhatsApp's page.
      if (level !== 'unstored') troubles.note({ build, session });
    },
    mayRestart() {
      const now = performance.now();
      if (now - restartedAt < restartEveryMs) return false;
      restartedAt = now;
      return true;
    },
  };
}
