import type { Overlays } from '../../wire.ts';
import type { App } from '../app.ts';
import type { Modules } from '../registry.ts';
import { createRestrictions } from './restrictions.ts';
import { showWhatsNew } from './whats-new.ts';

/** What lies over a linked page, and changes while it runs. */
export interface PageOverlays {
  modules: Modules;
  apply(overlays: Overlays): void;
}

export function createOverlays(app: App): PageOverlays {
  const restrictions = createRestrictions(app);
  let reloading: ReturnType<typeof setTimeout> | undefined;
  let reloadMs = 0;

  /** WhatsApp's page loads itself anew some time after it is linked; the time runs from its first word. */
  function scheduleReload(ms: number): void {
    if (ms === reloadMs) return;
    reloadMs = ms;
    clearTimeout(reloading);
    if (ms > 0) reloading = setTimeout(() => void reload(), ms);
  }

  async function reload(): Promise<void> {
    const { goesOn } = await app.wire.request('scheduled-reload', {});
    if (goesOn) location.reload();
  }

  return {
    modules: restrictions.modules,
    apply(overlays) {
      restrictions.apply(overlays.restrictions);
      showWhatsNew(overlays.whatsNew);
      scheduleReload(overlays.scheduledReloadMs);
      app.stream.set({ needsUpdate: overlays.needsUpdate });
    },
  };
}
