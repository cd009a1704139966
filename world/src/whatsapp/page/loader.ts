import type { Registry } from './registry.ts';

/**
 * The globals of Meta's module loader, as the library and other tools know them. Names of what the page has are in
 * `window.__modules`, what was asked for in vain in `window.__missing`.
 */
export function installLoader(registry: Registry, missing: string[]): void {
  registry.define('__debug', () => ({
    get modulesMap() {
      return registry.map();
    },
  }));
  const guard = { skipGuardGlobal: registry.skipGuardGlobal };
  registry.define('ErrorGuard', () => guard);
  registry.define('Bootloader', () => ({ loadModules: registry.loadModules }));
  Object.assign(window, {
    require: registry.require,
    importNamespace: (name: string) => namespaceOf(registry.require(name)),
    importDefault: (name: string) => defaultOf(registry.require(name)),
    __d: (name: string, _dependencies: string[], factory: () => unknown) => registry.define(name, factory),
    ErrorGuard: guard,
    __missing: missing,
    __modules: registry.names(),
  });
}

/** A module that is one function or class is the default of its namespace. */
function namespaceOf(exports: unknown): unknown {
  return typeof exports === 'function' ? { default: exports } : exports;
}

function defaultOf(exports: unknown): unknown {
  return typeof exports === 'object' && exports !== null && 'default' in exports ? exports.default : exports;
}
