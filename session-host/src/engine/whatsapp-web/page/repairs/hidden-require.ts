import type { RepairContext } from '../repair-context.ts';

interface LoaderWindow {
  require?: (name: string) => unknown;
  importNamespace?: (name: string) => unknown;
  Debug?: { VERSION?: unknown };
}

/**
 * The library and we ask for WhatsApp's modules by `window.require`. Should the page's loader keep that to itself, its
 * `importNamespace` gives the same modules, those that are one class or object as `default`.
 */
export function repairHiddenRequire({ report }: RepairContext): void {
  const page = globalThis as unknown as LoaderWindow;
  const everyMs = 100;
  const tries = 1_200;
  let tried = 0;

  const unpacked = (namespace: unknown): unknown => {
    if (typeof namespace !== 'object' || namespace === null || !('default' in namespace)) return namespace;
    const { default: whole } = namespace;
    const isOne = typeof whole === 'function' || Object.keys(namespace).length === 1;
    const isModel = typeof whole === 'object' && whole !== null && Object.getPrototypeOf(whole) !== Object.prototype;
    return isOne || isModel ? whole : namespace;
  };

  const timer = setInterval(() => {
    tried += 1;
    const { require, importNamespace, Debug } = page;
    const isThere = typeof require === 'function';
    if ((isThere && Debug?.VERSION !== undefined) || tried > tries) return clearInterval(timer);
    if (isThere || typeof importNamespace !== 'function') return;
    page.require = (name) => unpacked(importNamespace(name));
    report({ applied: true, how: 'importNamespace' });
    clearInterval(timer);
  }, everyMs);
}
