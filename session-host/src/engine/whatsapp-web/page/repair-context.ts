import type { Chat, Msg, PageModules } from './page-modules.ts';

/** A module of WhatsApp's page, or undefined: not there yet, or no longer. Never throws; asks anew each time. */
export type Need = <N extends keyof PageModules>(name: N) => PageModules[N] | undefined;

export interface RepairOutcome {
  /** False: this document doesn't need it. */
  applied: boolean;
  /** What was found, and what was done about it. No content of anybody. */
  how: string;
}

export interface RepairReport extends RepairOutcome {
  name: string;
}

export type LibraryFunction = (...args: unknown[]) => unknown;

export interface LibraryHooks {
  /**
   * The library has begun to put its functions into the page, which is in sync and logged in by then; its listeners are
   * not attached yet.
   */
  injected?: () => void;
  /** Each function of the library that is named here is replaced the moment the library defines it. */
  wrap?: Readonly<Record<string, (original: LibraryFunction) => LibraryFunction>>;
}

/** What a repair is given in the page. */
export interface RepairContext {
  need: Need;
  /** What became of the repair in this document; the last word counts. */
  report: (outcome: RepairOutcome) => void;
  /** Called once for each time that the library puts itself into the document. */
  onLibrary: (hooks: LibraryHooks) => void;
  /** Tells the host something at once, also when the document is about to go. */
  tell: (fact: PageFact) => void;
}

/**
 * Runs in the page before the page's own scripts; its source is all that the page gets, so it imports nothing at run
 * time.
 */
export type Repair = (context: RepairContext) => void;

export type PageFact =
  | { type: 'logout-reason'; reason: string }
  /** `model`: a message's data as JSON, as `readMessage` takes them. */
  | { type: 'message-changed' | 'plan-dropped'; model: string };

/** What the prelude leaves in the page for calls of the host. */
export interface TopActive {
  need: Need;
  /** Whether a repair is switched on; one that isn't a script of its own asks before it does its work. */
  isOn: (repair: string) => boolean;
  report: (repair: string, outcome: RepairOutcome) => void;
  /** The chat that the page has with somebody, under any of their ids. Opens none and asks no server. */
  findChat: (peer: string) => Chat | undefined;
  /** A message's data as JSON, taken apart by itself. Undefined: not even whose it is can be told. */
  modelOf: (message: Msg) => string | undefined;
  /** Whether the library listens to an event of the page's messages, and calls this function of its then. */
  listens: (event: string, calls: string) => boolean;
}

export interface PreludeWindow {
  __topActive?: TopActive;
  WWebJS?: Record<string, LibraryFunction>;
}

declare global {
  // In the page alone.
  var __topActive: TopActive | undefined;
  var WWebJS: Record<string, LibraryFunction> | undefined;
}
