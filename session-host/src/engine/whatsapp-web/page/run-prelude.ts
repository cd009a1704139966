import type { createNeed } from './create-need.ts';
import type { createFindChat } from './find-chat.ts';
import type { createModelOf } from './model-of.ts';
import type { noteListeners } from './note-listeners.ts';
import type { PageFact, PreludeWindow, Repair, RepairOutcome, TopActive } from './repair-context.ts';
import type { trapLibrary } from './trap-library.ts';

export interface PreludeParts {
  bindingName: string;
  origin: string;
  off: readonly string[];
  components: Readonly<Record<string, string>>;
  repairs: Readonly<Record<string, Repair>>;
  createNeed: typeof createNeed;
  trapLibrary: typeof trapLibrary;
  createFindChat: typeof createFindChat;
  createModelOf: typeof createModelOf;
  noteListeners: typeof noteListeners;
}

/** What the page tells the host: `document` comes first, once for each. */
type PageTells = { type: 'document' } | { type: 'repair'; name: string; applied: boolean; how: string } | PageFact;

/**
 * Runs before the page's own scripts, in WhatsApp's top document only: readies `need`, and starts each repair by
 * itself. A repair that throws is told as failed and hurts no other. Its source goes into the page.
 */
export function runPrelude(parts: PreludeParts): void {
  const { bindingName, origin, off, components, repairs } = parts;
  const page = globalThis as unknown as PreludeWindow &
    Record<string, unknown> & { top: unknown; self: unknown; location: { origin: string } };
  const send = page[bindingName];
  // The page must find no way to the host.
  delete page[bindingName];
  if (page.top !== page.self || page.location.origin !== origin || typeof send !== 'function') return;

  const { stringify } = JSON;
  const longest = 300;
  const tell = (told: PageTells): void => void Reflect.apply(send, undefined, [stringify(told)]);
  const told = new Map<string, string>();
  const report = (name: string, { applied, how }: RepairOutcome): void => {
    const text = stringify([applied, how]);
    if (told.get(name) === text) return;
    told.set(name, text);
    tell({ type: 'repair', name, applied, how: how.slice(0, longest) });
  };
  const fail = (name: string, error: unknown): void =>
    report(name, { applied: false, how: `failed: ${String(error)}` });
  const isOn = (name: string): boolean => !off.includes(name);

  tell({ type: 'document' });
  const need = parts.createNeed(components);
  const onLibrary = parts.trapLibrary(fail);
  for (const [name, repair] of Object.entries(repairs)) {
    if (!isOn(name)) continue;
    try {
      repair({ need, tell, report: (outcome) => report(name, outcome), onLibrary: (hooks) => onLibrary(name, hooks) });
    } catch (error) {
      fail(name, error);
    }
  }
  const left: TopActive = {
    need,
    isOn,
    report,
    findChat: parts.createFindChat(need),
    modelOf: parts.createModelOf(),
    listens: parts.noteListeners(need, onLibrary),
  };
  Object.defineProperty(page, '__topActive', { value: Object.freeze(left) });
}
