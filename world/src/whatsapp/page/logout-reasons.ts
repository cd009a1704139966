import type { Modules } from './registry.ts';

/**
 * WhatsApp's words for why a device is unlinked, and the numbers that its page gives to some of them in the next
 * document's address.
 */
const codes: Readonly<Record<string, number>> = {
  client_fatal_error: 1,
  syncd_failure: 2,
  syncd_timeout: 2,
  critical_sync_timeout: 2,
  history_sync_timeout: 3,
  account_locked: 4,
};

export function logoutModules(): Modules {
  return {
    WAWebLogoutReason: { getErrorCodeFromLogoutReason: (reason: string) => codes[reason] ?? null },
  };
}

/** Asked through the module, so that a function which somebody put in its place is the one that is called. */
export function logoutCode(modules: Modules, reason: string): number | null {
  const { getErrorCodeFromLogoutReason: ask }: { getErrorCodeFromLogoutReason?: unknown } = Object(
    modules.WAWebLogoutReason,
  );
  const code: unknown = typeof ask === 'function' ? ask(reason) : null;
  return typeof code === 'number' ? code : null;
}
