import { killAfterMs } from '@top-active/core/domain';
import { machineNow, type Deadline } from './machine-clock.ts';

/**
 * Tells the supervisor until when this process may live, now that a heartbeat was acknowledged. Without a supervisor of
 * no effect.
 * @param sentAt when the heartbeat was sent, by `performance.now()`
 */
export function extendDeadline(sentAt: number): void {
  const ageMs = performance.now() - sentAt;
  process.send?.({ killAt: machineNow() - ageMs + killAfterMs } satisfies Deadline);
}
