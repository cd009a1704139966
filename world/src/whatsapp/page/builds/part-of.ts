import type { Modules } from '../registry.ts';

/** What a module exports. @throws Error where the page has no such module, which is a mistake in the list of changes */
export function partOf(modules: Modules, name: string): Record<string, unknown> {
  const exports = modules[name];
  if (typeof exports !== 'object' || exports === null) throw new Error(`A change concerns ${name}, which isn't there.`);
  return Object(exports);
}

/** From now on the module is without this export. */
export function withdraw(modules: Modules, name: string, member: string): void {
  const exports = partOf(modules, name);
  if (!(member in exports)) throw new Error(`A change withdraws ${name}.${member}, which isn't there.`);
  delete exports[member];
}
