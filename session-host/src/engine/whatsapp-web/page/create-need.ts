import type { Need } from './repair-context.ts';

interface LoaderWindow {
  /** Meta's loader registers modules by it; where it is absent there is neither a register nor anything on demand. */
  __d?: unknown;
  require?: Require;
  ErrorGuard?: LoaderModule;
}
type Require = ((name: string) => unknown) & { genuine?: Require };

/** `require('__debug')`, `ErrorGuard` and `require('Bootloader')`. */
interface LoaderModule {
  modulesMap?: Record<string, unknown>;
  skipGuardGlobal?: (skip: boolean) => void;
  loadModules?: (components: string[], done: (...modules: unknown[]) => void) => void;
}

/**
 * Makes `need`: WhatsApp's `require` without what it does on an unknown name, which is to throw and to tell WhatsApp's
 * servers. Modules come one after the other while the page starts, and some come only with a bundle that is loaded on
 * demand, so nothing is remembered as absent.
 * Its source goes into the page.
 * @param components the component to boot for a module that comes on demand
 */
export function createNeed(components: Readonly<Record<string, string>>): Need {
  const page = globalThis as unknown as LoaderWindow;
  const tryAgainAfterMs = 5_000;
  const askedFor = new Map<string, number>();

  const genuine = (): Require | undefined => page.require?.genuine ?? page.require;

  const loader = (name: string): LoaderModule | undefined => {
    if (page.__d === undefined) return undefined;
    try {
      return genuine()?.(name) as LoaderModule | undefined;
    } catch {
      // A page without this part of the loader has nothing on demand.
      return undefined;
    }
  };

  const isUnknown = (name: string): boolean => {
    const registered = loader('__debug')?.modulesMap;
    return typeof registered === 'object' && registered !== null && !(name in registered);
  };

  const loadOnDemand = (name: string): void => {
    const component = components[name];
    if (component === undefined || performance.now() - (askedFor.get(name) ?? -Infinity) < tryAgainAfterMs) return;
    askedFor.set(name, performance.now());
    try {
      loader('Bootloader')?.loadModules?.([component], () => {});
    } catch {
      // A page without this component: asked for again later, in case it gets one.
    }
  };

  const find = (name: string): unknown => {
    if (isUnknown(name)) return undefined;
    const guard = page.ErrorGuard;
    try {
      guard?.skipGuardGlobal?.(true);
      return genuine()?.(name) ?? undefined;
    } catch {
      // Not there: that is the answer, and whoever needs it reports it.
      return undefined;
    } finally {
      guard?.skipGuardGlobal?.(false);
    }
  };

  const need = (name: string): unknown => {
    const found = find(name);
    if (found === undefined) loadOnDemand(name);
    return found;
  };
  return need as Need;
}
