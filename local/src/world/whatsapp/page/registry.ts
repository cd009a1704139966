export type Modules = Record<string, unknown>;

declare global {
  interface Window {
    require: (name: string) => unknown;
    /** Modules that were asked for and aren't here. */
    __missing: string[];
    /** Names of the modules that are here. */
    __modules: string[];
    Debug?: { VERSION: string };
  }
}

/** `window.require`, as the library knows it: an unknown module throws, and is recorded. */
export function installRegistry(modules: Modules, onMissing: (name: string) => void): void {
  window.__missing = [];
  window.__modules = Object.keys(modules);
  window.require = (name) => {
    const module = modules[name];
    if (module !== undefined) return module;
    window.__missing.push(name);
    onMissing(name);
    throw new Error(`Requiring unknown module "${name}"`);
  };
}
