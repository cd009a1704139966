import type { RepairContext } from '../repair-context.ts';

interface CallerWindow {
  require?: Require;
}
type Require = ((name: string) => unknown) & { genuine?: Require };

/**
 * The library asks for some modules only to hear of calls and the battery, in the same breath in which it attaches its
 * listeners for messages: one that is gone, or of another shape, and no listener is attached. For these it gets
 * something empty instead.
 */
export function repairListenerModules({ need, report, onLibrary }: RepairContext): void {
  const page = globalThis as unknown as CallerWindow;
  const replaced = new Set<string>();

  /** What the library is given for a module as it is, `found`. */
  const optional: Readonly<Record<string, (found: unknown) => unknown>> = {
    WAWebSyncGatingUtils: (found) => found ?? {},
    WAWebConnModel: (found) => found ?? { Conn: { on() {}, serialize: () => ({}) } },
    // The library wraps the Map that it expects in there; without the collection it does without calls.
    WAWebCallCollection: (found) =>
      typeof found === 'object' && found !== null && Object.values(found).some((value) => value instanceof Map)
        ? found
        : undefined,
  };

  const substitute = (name: string, fit: (found: unknown) => unknown): unknown => {
    const found: unknown = (need as (name: string) => unknown)(name);
    const given = fit(found);
    if (given !== found || found === undefined) {
      replaced.add(name);
      report({ applied: true, how: `without ${[...replaced].join(', ')}` });
    }
    return given;
  };

  onLibrary({
    injected() {
      const genuine = page.require;
      if (!genuine || genuine.genuine) return;
      const tolerant = (name: string): unknown => {
        const fit = optional[name];
        return fit ? substitute(name, fit) : genuine(name);
      };
      page.require = Object.assign(tolerant, { genuine });
      report({ applied: false, how: 'nothing that listeners need is missing' });
    },
  });
}
