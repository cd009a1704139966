import { describe, expect, it } from 'vitest';
import { createFakeApi } from '../testing/fake-api.ts';
import { aChat, aMessage, aWhatsApp, chatId } from '../testing/factories.ts';
import { mountApp } from '../testing/mount-app.ts';

const hiddenId = '01JD3W5ZK2Q8N6V4T0XHRB7MCB';
const mergedAt = '2026-11-24T15:00:00.000Z';
const merged = [{ id: hiddenId, name: '', mergedAt }];
const messages = [
  aMessage(1, { text: 'do número' }),
  aMessage(2, { text: 'do número oculto', chatId: hiddenId }),
  aMessage(3, { text: 'de novo do número' }),
];

function fakeApi(chats = [aChat({ merged })]) {
  return createFakeApi({ whatsapp: aWhatsApp({ state: 'linked' }), chats, messages });
}

describe('two chats that are merged while somebody looks at one of them', () => {
  it('go on as one thread, in order, with what was begun', async () => {
    const api = fakeApi([aChat(), aChat({ id: hiddenId, name: 'Oculta' })]);
    const { screen, user, sockets, router } = await mountApp({ at: `/conversas/${hiddenId}`, api });
    await screen.findByRole('log', { name: 'Mensagens com Oculta' });
    await user.type(screen.getByLabelText('Escrever mensagem'), 'já respondo');
    await expect.poll(() => sockets.length).toBe(1);
    sockets[0]?.open();
    await expect.poll(() => api.calls.some(({ path }) => path === '/api/events')).toBe(true);

    api.state.chats = [aChat({ merged })];
    sockets[0]?.hint(api.log({ type: 'chat.updated', ids: { chatId } }));
    const log = await screen.findByRole('log', { name: 'Mensagens com Ana Souza' });
    await expect.poll(() => log.textContent).toMatch(/do número.*do número oculto.*de novo do número/s);
    expect(router.currentRoute.value.params['chatId']).toBe(chatId);
    expect(screen.getByLabelText<HTMLTextAreaElement>('Escrever mensagem').value).toBe('já respondo');
    expect(screen.queryByText('Oculta')).toBeNull();
  });

  it('are found under the old address', async () => {
    const { screen, router } = await mountApp({ at: `/conversas/${hiddenId}`, api: fakeApi() });
    await screen.findByRole('log', { name: 'Mensagens com Ana Souza' });
    await expect.poll(() => router.currentRoute.value.params['chatId']).toBe(chatId);
  });
});

describe('a wrong merge', () => {
  it('is taken apart by keyboard, from the panel of the chat', async () => {
    const api = fakeApi();
    const { screen, user } = await mountApp({ at: `/conversas/${chatId}`, api });
    const log = await screen.findByRole('log', { name: 'Mensagens com Ana Souza' });
    await expect.poll(() => log.textContent).toContain('do número oculto');
    if (!screen.queryByText('Conversas reunidas'))
      await user.click(screen.getByRole('button', { name: 'Mostrar contato e assistente' }));
    const undo = await screen.findByRole('button', { name: 'Separar' });
    undo.focus();
    await user.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog', { name: 'Separar a conversa com Número oculto?' });
    const confirm = [...dialog.querySelectorAll('button')].find((button) => button.textContent.includes('Separar'));
    confirm?.focus();
    await user.keyboard('{Enter}');
    expect(await screen.findAllByText('Conversas separadas.')).not.toHaveLength(0);
    await expect.poll(() => log.textContent).not.toContain('do número oculto');
    expect(log.textContent).toContain('de novo do número');
    expect(screen.queryByText('Conversas reunidas')).toBeNull();
    // It stands in the list again.
    expect(await screen.findAllByText('Sem nome')).not.toHaveLength(0);

    // A mistake too: one more click makes them one again.
    (await screen.findByRole('button', { name: 'Reunir de novo' })).focus();
    await user.keyboard('{Enter}');
    await expect.poll(() => log.textContent).toContain('do número oculto');
    expect(await screen.findByText('Conversas reunidas')).toBeTruthy();
  });
});
