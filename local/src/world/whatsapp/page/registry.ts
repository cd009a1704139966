export type Modules = Record<string, unknown>;

declare global {
  interface Window {
    Debug?: { VERSION: string };
  }
}

/**
 * `window.require`, as the library knows it: an unknown module throws, and is recorded in `window.__missing`. Names of
 * what is here are in `window.__modules`.
 */
export function installRegistry(modules: Modules, onMissing: (name: string) => void): { lose(name: string): void } {
  const missing: string[] = [];
  function requireModule(name: string): unknown {
    // The loader's own register, which tells what there is without asking for it.
    if (name === '__debug') return { modulesMap: modules };
    const module = modules[name];
    if (module !== undefined) return module;
    missing.push(name);
    onMissing(name);
    throw new Error(`Requiring unknown module "${name}"`);
  }
  Object.assign(window, {
    require: requireModule,
    // What registers modules: whoever sees it knows the loader.
    __d: () => {},
    ErrorGuard: { skipGuardGlobal: () => {} },
    __missing: missing,
    __modules: Object.keys(modules),
  });
  return {
    /** From now on it is unknown too. */
    lose(name) {
      delete modules[name];
    },
  };
}
