import type { AuthStrategy, Client } from 'whatsapp-web.js';

/**
 * Leaves all of the session's state in the browser profile, which the host saves and restores. Unlike LocalAuth it
 * deletes nothing at a logout: that would be under the live browser, and the host starts afresh anyway.
 *
 * `beforeNavigation` runs once the page exists and before it goes to WhatsApp: the place for what has to be in the page
 * before its scripts.
 */
export function createProfileAuth(beforeNavigation: (client: Client) => Promise<void>): AuthStrategy {
  let client: Client | undefined;
  let prepared = false;
  return {
    setup(owner) {
      client = owner;
    },
    beforeBrowserInitialized: async () => {},
    async afterBrowserInitialized() {
      // The library calls this again after a logout, on the same page.
      if (prepared || !client) return;
      prepared = true;
      await beforeNavigation(client);
    },
    onAuthenticationNeeded: async () => ({ failed: false, restart: false }),
    getAuthEventPayload: async () => undefined,
    afterAuthReady: async () => {},
    disconnect: async () => {},
    destroy: async () => {},
    logout: async () => {},
  };
}
