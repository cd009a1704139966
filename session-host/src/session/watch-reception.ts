import { metrics, type Log, type MetricName } from '@top-active/aws';
import type { Reception } from '@top-active/core/contracts';
import type { EngineEvent } from '../engine/engine.ts';
import { receptionShown, type BuildTroubles } from './build-troubles.ts';

type Missed = Extract<EngineEvent, { type: 'missed' }>;

const metricOf = {
  deaf: 'PageDeaf',
  unreadable: 'MessagesUnreadable',
  unstored: 'MessagesUnstored',
  silent: 'PageSilent',
} as const satisfies Record<Missed['level'], MetricName>;

/** What a host does about messages that didn't come through as they should, through all browsers of one session. */
export interface ReceptionWatch {
  /** A browser runs from now on. @returns ends it */
  begin(): () => void;
  onBuild(build: string): void;
  /** How this session's own messages come through. */
  onReception(state: Reception['state']): void;
  onMissed(missed: Missed): void;
  /** Whether the session may be begun anew for it. Asking counts as doing it. */
  mayRestart(): boolean;
}

export function createReceptionWatch({
  troubles,
  restartEveryMs,
  show,
  log,
}: {
  troubles: BuildTroubles;
  restartEveryMs: number;
  /** Told whenever it may have changed. */
  show: (state: Reception['state']) => void;
  log: Log;
}): ReceptionWatch {
  const session = {};
  let build = 'unknown';
  let restartedAt = -Infinity;
  let own: Reception['state'] = 'ok';

  function showNow(): void {
    show(receptionShown(own, troubles.isTroubled(build)));
  }

  return {
    begin() {
      own = 'ok';
      build = 'unknown';
      return troubles.watch(showNow);
    },
    onBuild(shown) {
      build = shown;
      showNow();
    },
    onReception(state) {
      own = state;
      showNow();
    },
    onMissed({ level, messages }) {
      metrics.emit(metricOf[level], messages);
      log.warn('Messages did not come through by themselves', { missed: level, messages, build });
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
