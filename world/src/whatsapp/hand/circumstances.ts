import { applyFaultAction } from '../fault-actions.ts';
import type { FaultAction, Faults } from '../faults.ts';
import type { PageChanges, PageSettings } from '../page-settings.ts';
import { withEnds } from '../restrictions.ts';
import type { WorldEvent } from '../types.ts';
import type { WorldCore } from '../world.ts';
import { peerOf } from './hand-views.ts';
import { tellOverlays } from './tell-people.ts';

/** What a test does to the world, and hears of it. */
export interface Circumstances {
  faults(): { world: Faults; phones: Record<string, Partial<Faults>> };
  setFaults(changes: Partial<Faults>, phone?: string): Faults;
  clearFaults(phone?: string): void;
  /** Returns how many connected pages it reached. */
  act(phone: string, action: FaultAction): number;
  /** Which shape of WhatsApp's page is served. */
  page(): PageSettings;
  /** The next document that is loaded meets it. What isn't named stays. */
  setPage(changes: PageChanges): PageSettings;
  events(options?: { after?: number; limit?: number; phone?: string | undefined }): WorldEvent[];
  lastEvent(): number;
  subscribe(listener: (event: WorldEvent) => void): () => void;
  /** Modules that the library asked for and the page doesn't have, since the start. */
  missingModules(): string[];
}

export function createCircumstances(core: WorldCore): Circumstances {
  const { parts, connections } = core;
  const { accounts, events, faults, page } = parts;

  return {
    faults: () => faults.overview(),
    setFaults(changes, phone) {
      if (phone !== undefined) accounts.get(phone);
      const set = faults.set(withEnds(changes, parts.now()), phone);
      tellOverlays(core, phone);
      return set;
    },
    clearFaults(phone) {
      faults.clear(phone);
      tellOverlays(core, phone);
    },
    act(phone, action) {
      accounts.get(phone);
      return applyFaultAction(core, { phone, action, peerOf: (peer) => peerOf(core, peer) });
    },
    page: () => page.get(),
    setPage: (changes) => page.set(changes),
    events: ({ after = 0, limit = 500, phone } = {}) => events.read({ after, limit, phone }),
    lastEvent: () => events.last(),
    subscribe: (listener) => events.subscribe(listener),
    missingModules: () => connections.missingModules(),
  };
}
