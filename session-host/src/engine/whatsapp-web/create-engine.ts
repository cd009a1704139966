import type { Engine } from '../engine.ts';
import { createSession } from './create-session.ts';
import type { BrowserConfig } from './launch-options.ts';
import { defaultTimes, type SessionTimes } from './session-times.ts';

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
