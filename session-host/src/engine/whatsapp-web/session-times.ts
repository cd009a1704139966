import type { LivenessLimits } from './liveness.ts';
import type { CapabilityTimes } from './page/probe/watch-capabilities.ts';
import type { UpdateLimits } from './page-update.ts';
import type { ReconnectLimits } from './reconnect.ts';
import type { RestrictionWatchLimits } from './restrictions/reading-schedule.ts';
import { defaultCompareLimits, type CompareLimits } from './witness/comparison.ts';

/** All in milliseconds. */
export interface SessionTimes
  extends LivenessLimits, CapabilityTimes, CompareLimits, RestrictionWatchLimits, ReconnectLimits, UpdateLimits {
  /** Until the first QR code or readiness, and again after each reload of the page. */
  startTimeoutMs: number;
  heartbeatMs: number;
  heartbeatWhileLinkingMs: number;
  heartbeatTimeoutMs: number;
  /** In sync but not told so by the library for so long: tell the library. */
  announceAfterMs: number;
  /** The same when its functions are in the page already: it is at work there, or has failed at it. */
  announceWhileAttachingAfterMs: number;
  /** For WhatsApp to answer when it is asked whether it is there. */
  answerTimeoutMs: number;
  sendTimeoutMs: number;
  /** For WhatsApp to confirm that it has unlinked the device. */
  unlinkTimeoutMs: number;
  stopTimeoutMs: number;
  /** Between two looks for reactions that the library doesn't tell of. */
  reactionsEveryMs: number;
}

export const defaultTimes: SessionTimes = {
  ...defaultCompareLimits,
  startTimeoutMs: 120_000,
  heartbeatMs: 5_000,
  heartbeatWhileLinkingMs: 500,
  heartbeatTimeoutMs: 10_000,
  announceAfterMs: 2_000,
  announceWhileAttachingAfterMs: 15_000,
  sendTimeoutMs: 60_000,
  unlinkTimeoutMs: 10_000,
  stopTimeoutMs: 10_000,
  missesUntilDisconnected: 2,
  missesUntilDead: 6,
  ackUntilDisconnectedMs: 45_000,
  ackUntilDeadMs: 180_000,
  quietUntilAskedMs: 600_000,
  disconnectedUntilDeadMs: 600_000,
  answerTimeoutMs: 15_000,
  probeAgainMs: 5_000,
  probeForMs: 30_000,
  probeMissingEveryMs: 5 * 60_000,
  probeEveryMs: 24 * 3_600_000,
  updateQuietMs: 5 * 60_000,
  updateLatestMs: 6 * 3_600_000,
  updateAgainMs: 3_600_000,
  pokeAfterMs: 20_000,
  pokeEveryMs: 25_000,
  reactionsEveryMs: 30_000,
  restrictionsEveryMs: 10 * 60_000,
  restrictionsAgainMs: 60_000,
};
