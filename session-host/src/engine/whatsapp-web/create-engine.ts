import type { Engine } from '../engine.ts';
import { createSession, type SessionTimes } from './create-session.ts';
import type { BrowserConfig } from './launch-options.ts';

const defaultTimes: SessionTimes = {
  startTimeoutMs: 120_000,
  heartbeatMs: 5_000,
  heartbeatWhileLinkingMs: 500,
  heartbeatTimeoutMs: 10_000,
  announceAfterMs: 2_000,
  sendTimeoutMs: 60_000,
  stopTimeoutMs: 10_000,
  missesUntilDisconnected: 2,
  missesUntilDead: 6,
  ackUntilDisconnectedMs: 45_000,
  ackUntilDeadMs: 180_000,
};

/** The engine on the library whatsapp-web.js, with one browser per session. */
export function createWhatsAppWebEngine({
  browser,
  times = {},
}: {
  browser: BrowserConfig;
  times?: Partial<SessionTimes> | undefined;
}): Engine {
  return { start: (options) => createSession({ ...options, browser, times: { ...defaultTimes, ...times } }) };
}
