import { expect } from 'vitest';
import { createFakeApi, type FakeState } from './fake-api.ts';
import { aChat, aCredential, aMessage, aWhatsApp, chatId } from './factories.ts';
import { mountApp } from './mount-app.ts';

export const address = `/conversas/${chatId}`;

export async function atThread(parts: Partial<FakeState> = {}) {
  const api = createFakeApi({
    whatsapp: aWhatsApp({ state: 'linked' }),
    credentials: [aCredential(), aCredential({ provider: 'google' })],
    chats: [aChat()],
    messages: [aMessage(1)],
    ...parts,
  });
  const app = await mountApp({ at: address, api });
  await app.screen.findByRole('log', { name: 'Mensagens com Ana Souza' });
  return { ...app, live: () => goLive(app) };
}

/** Opens the socket and waits until the app has read the event log, so that hints continue it. */
async function goLive({ sockets, api }: Pick<Awaited<ReturnType<typeof mountApp>>, 'sockets' | 'api'>) {
  await expect.poll(() => sockets.length).toBe(1);
  sockets[0]?.open();
  await expect.poll(() => api.calls.some(({ path }) => path === '/api/events')).toBe(true);
  return sockets[0];
}
