import type { PageModules } from '../page-modules.ts';
import type { Need, TopActive } from '../repair-context.ts';

/** What a probe is given in the page. It reads and changes nothing. */
export interface ProbeContext {
  need: Need;
  modelOf: TopActive['modelOf'];
  /** Notes `what`, by WhatsApp's own names, as missing unless it holds. */
  expects: (what: string, holds: boolean) => void;
  /** Notes that the capability is there by a detour of ours. */
  manages: (how: string) => void;
  /** Expects functions; `path` leads from the module's exports to one, and any one of several `paths` will do. */
  expectsFunction: (module: keyof PageModules, ...paths: string[]) => void;
  /**
   * Expects that the library listens to an event of the page's messages, and calls this function of its then; the
   * witness in its place is a detour.
   */
  expectsListener: (event: string, calls: string) => void;
}

/**
 * Runs in the page; its source is all that the page gets, so it imports nothing at run time. One that throws notes its
 * capability as missing.
 */
export type Probe = (context: ProbeContext) => void;
