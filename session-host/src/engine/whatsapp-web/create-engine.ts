import type { Engine } from '../engine.ts';
import { createSession } from './create-session.ts';
import type { BrowserConfig } from './launch-options.ts';
import { defaultTimes, type SessionTimes } from './session-times.ts';

/** The engine on the library whatsapp-web.js, with one browser per session. */
export function createWhatsAppWebEngine({
  browser,
  times = {},
  repairs,
}: {
  browser: BrowserConfig;
  times?: Partial<SessionTimes> | undefined;
  /** For tests, which show what a repair is for by switching it off. */
  repairs?: { off: readonly string[] } | undefined;
}): Engine {
  return {
    start: (options) =>
      createSession({ ...options, browser, times: { ...defaultTimes, ...times }, repairsOff: repairs?.off }),
  };
}
