import type { Client } from 'whatsapp-web.js';

/**
 * The library injects itself again after each navigation, in a listener whose failure nobody hears of. The first
 * injection is part of `initialize`, which rejects by itself.
 * @param onInjected after each injection that held
 * @param onFailure of every injection but the first
 */
export function guardInjection(
  client: Client,
  { onInjected, onFailure }: { onInjected: () => Promise<void>; onFailure: (error: unknown) => Promise<void> },
): void {
  const injecting: Client & { inject?: () => Promise<void> } = client;
  const inject = injecting.inject?.bind(client);
  if (!inject) throw new Error('This version of the library injects itself in another way');
  let first = true;
  injecting.inject = async () => {
    const isFirst = first;
    first = false;
    try {
      await inject();
      await onInjected();
    } catch (error) {
      if (isFirst) throw error;
      await onFailure(error);
    }
  };
}
