import { describe, expect, it } from 'vitest';
import { useThreadStore } from '../stores/thread.ts';
import { createFakeApi } from '../testing/fake-api.ts';
import { aChat, aMessage, anOutgoing, chatId } from '../testing/factories.ts';
import { mountApp } from '../testing/mount-app.ts';
import { address, atThread } from '../testing/inbox-fixture.ts';

function textsOf(storage: Storage): string {
  return JSON.stringify(Object.entries(storage));
}

describe('a draft', () => {
  it('is gone when the session ends, wherever that was done', async () => {
    const { user, screen, services, left } = await atThread();
    await user.type(screen.getByRole('textbox', { name: /mensagem/i }), 'meu diagnóstico');
    expect(textsOf(sessionStorage)).toContain('meu diagnóstico');
    services.access.signOut();
    await expect.poll(() => left).toEqual(['/entrar']);
    expect(textsOf(sessionStorage)).not.toContain('meu diagnóstico');
  });
});

describe('the list of conversations', () => {
  it('finds a person without minding accents, and says when there is none', async () => {
    const chats = [aChat(), aChat({ id: '01JD3W5ZK2Q8N6V4T0XHRB7MCB', name: 'João Pedro', phone: '5521999990000' })];
    const { screen, user } = await mountApp({ at: '/conversas', api: createFakeApi({ chats }) });
    const search = await screen.findByRole('searchbox');
    await user.type(search, 'joao');
    await expect.poll(() => screen.queryByText('Ana Souza')).toBeNull();
    expect(screen.getByText('João Pedro')).toBeTruthy();
    await user.clear(search);
    await user.type(search, 'ninguém');
    expect(await screen.findByText('Nada encontrado para “ninguém”.')).toBeTruthy();
  });

  it('leads who has no WhatsApp yet to the first steps', async () => {
    const { screen } = await mountApp({ at: '/conversas', api: createFakeApi() });
    expect((await screen.findByRole('link', { name: 'Conectar agora' })).getAttribute('href')).toBe('/');
  });
});

describe('a conversation', () => {
  it('shows a new message without a reload and counts it as read', async () => {
    const { screen, api, live } = await atThread();
    const socket = await live();
    api.state.messages = [...api.state.messages, aMessage(2, { text: 'Tem horário amanhã?' })];
    api.state.chats = [aChat({ unread: 1 })];
    socket?.hint(api.log({ type: 'message.stored', ids: { chatId, messageId: aMessage(2).id } }));
    expect(await screen.findByText('Tem horário amanhã?')).toBeTruthy();
    await expect.poll(() => api.state.chats[0]?.unread).toBe(0);
  });

  it('reads from the log what a lost hint would have told', async () => {
    const { screen, api, live } = await atThread();
    const socket = await live();
    api.state.messages = [...api.state.messages, aMessage(2, { text: 'primeira' }), aMessage(3, { text: 'segunda' })];
    api.log({ type: 'message.stored', ids: { chatId, messageId: aMessage(2).id } });
    socket?.hint(api.log({ type: 'message.stored', ids: { chatId, messageId: aMessage(3).id } }));
    expect(await screen.findByText('primeira')).toBeTruthy();
    expect(screen.getByText('segunda')).toBeTruthy();
  });

  it('shows a planned message where it stands once it is sent, and no longer where it stood', async () => {
    const planned = aMessage(1, { author: 'owner', text: 'Até amanhã!', plannedFor: '2026-11-24T11:00:00.000Z' });
    const { screen, api, live } = await atThread({ messages: [planned, aMessage(2)] });
    const socket = await live();
    const sent = aMessage(3, { author: 'owner', text: 'Até amanhã!' });
    api.state.messages = [aMessage(2), sent];
    socket?.hint(api.log({ type: 'message.stored', ids: { chatId, messageId: sent.id } }));
    socket?.hint(api.log({ type: 'message.updated', ids: { chatId, messageId: planned.id } }));
    const log = screen.getByRole('log', { name: 'Mensagens com Ana Souza' });
    await expect.poll(() => log.textContent).toMatch(/Mensagem 2.*Até amanhã!/s);
    await expect.poll(() => log.textContent.split('Até amanhã!').length - 1).toBe(1);
  });

  it('lets go of what was taken away while the app was asleep for longer than the log reaches back', async () => {
    const messages = Array.from({ length: 70 }, (_, i) => aMessage(i + 1));
    const { screen, api, live } = await atThread({ messages });
    const socket = await live();
    await useThreadStore().older(chatId);
    expect(await screen.findByText('Mensagem 7')).toBeTruthy();

    api.state.messages = messages.filter(({ id }) => id !== aMessage(7).id);
    api.forgetLog();
    socket?.hint(api.log({ type: 'chat.updated', ids: { chatId } }));
    await expect.poll(() => screen.queryByText('Mensagem 7')).toBeNull();
    expect(screen.getByText('Mensagem 8')).toBeTruthy();
  });

  it('reads later what it could not read when it was told', async () => {
    const { screen, api, live } = await atThread({ messages: [aMessage(1), aMessage(2), aMessage(3)] });
    const socket = await live();
    const path = `GET /api/chats/${chatId}/messages`;
    api.state.messages = [aMessage(2), aMessage(3)];
    const reads = () => api.calls.filter((call) => `${call.method} ${call.path}` === path).length;
    const before = reads();
    api.cutOff(path, 1);
    socket?.hint(api.log({ type: 'message.updated', ids: { chatId, messageId: aMessage(1).id } }));
    await expect.poll(reads).toBe(before + 1);
    api.state.messages = [aMessage(2), aMessage(3), aMessage(4)];
    socket?.hint(api.log({ type: 'message.stored', ids: { chatId, messageId: aMessage(4).id } }));
    expect(await screen.findByText('Mensagem 4')).toBeTruthy();
    await expect.poll(() => screen.queryByText('Mensagem 1')).toBeNull();
  });

  it('shows what was typed at once, then its way out, then the message, and never twice', async () => {
    const { screen, user, api, live } = await atThread();
    const socket = await live();
    await user.type(screen.getByLabelText('Escrever mensagem'), 'Claro, até amanhã{Enter}');
    expect(await screen.findByText('Na fila do WhatsApp…')).toBeTruthy();
    expect(screen.getAllByText('Claro, até amanhã')).toHaveLength(1);

    const commandId = String(api.state.outgoing[0]?.id);
    const sent = aMessage(2, { author: 'owner', text: 'Claro, até amanhã', delivery: 'sent', commandId });
    api.state.messages = [...api.state.messages, sent];
    api.state.outgoing = [];
    socket?.hint(api.log({ type: 'message.stored', ids: { chatId, messageId: sent.id } }));
    await expect.poll(() => screen.queryByText('Na fila do WhatsApp…')).toBeNull();
    expect(screen.getAllByText('Claro, até amanhã')).toHaveLength(1);
    expect(screen.getByText('Enviada')).toBeTruthy();
  });

  it('tries a lost request again under the same key, so that nothing goes out twice', async () => {
    const { screen, user, api } = await atThread();
    api.cutOff(`POST /api/chats/${chatId}/messages`, 3);
    await user.type(screen.getByLabelText('Escrever mensagem'), 'Oi{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Enviar de novo' }));
    expect(await screen.findByText('Na fila do WhatsApp…')).toBeTruthy();
    const keys = api.calls
      .filter(({ method }) => method === 'POST')
      .flatMap(({ headers }) => headers.get('idempotency-key') ?? []);
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
  });

  it('says that a message failed and sends it anew as another one', async () => {
    const { screen, user, api } = await atThread({ outgoing: [anOutgoing({ state: 'FAILED' })] });
    expect(await screen.findByText('Não foi enviada.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Enviar de novo' }));
    await expect.poll(() => screen.queryByText('Não foi enviada.')).toBeNull();
    expect(screen.getAllByText('Claro, posso sim.')).toHaveLength(1);
    expect(api.state.outgoing).toHaveLength(2);
  });

  it('tells to look at the phone where it may have been sent, and repeats it by a click of the owner alone', async () => {
    const { screen, user, api } = await atThread({ outgoing: [anOutgoing({ state: 'UNKNOWN' })] });
    expect(await screen.findByText(/Não sabemos se foi enviada. Confira no celular/)).toBeTruthy();
    const posts = () => api.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages'));
    expect(posts()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Enviar mesmo assim' }));
    await expect.poll(() => screen.queryByText(/Confira no celular/)).toBeNull();
    // A command of its own beside the unknown one, and only one.
    expect(posts()).toHaveLength(1);
    expect(new Set(api.state.outgoing.map(({ id }) => id)).size).toBe(2);
  });

  it('shows in the list where a message may not have left, until its owner has dealt with it', async () => {
    const { screen, user } = await atThread({ outgoing: [anOutgoing({ state: 'UNKNOWN' })] });
    expect(await screen.findByRole('img', { name: 'Há uma mensagem que pode não ter sido enviada' })).toBeTruthy();
    await user.click(await screen.findByRole('button', { name: 'Descartar' }));
    await expect.poll(() => screen.queryByRole('img', { name: /pode não ter sido enviada/ })).toBeNull();
  });

  it('says where messages came while nobody listened, and that none is missing', async () => {
    const gap = { messages: 12, since: '2026-11-23T12:01:30.000Z', until: '2026-11-23T12:30:00.000Z' };
    const { screen } = await atThread({ messages: [aMessage(1), aMessage(2, { gap }), aMessage(3)] });
    const notice = await screen.findByText('12 mensagens chegaram enquanto estávamos fora do ar. Todas estão aqui.');
    const before = screen.getByText('Mensagem 1').compareDocumentPosition(notice);
    const after = notice.compareDocumentPosition(screen.getByText('Mensagem 2'));
    expect([before, after]).toEqual([Node.DOCUMENT_POSITION_FOLLOWING, Node.DOCUMENT_POSITION_FOLLOWING]);
  });

  it('says where messages may be missing: after the last one before, when none of them could be fetched', async () => {
    const gap = {
      messages: 0,
      since: '2026-11-23T12:01:30.000Z',
      until: '2026-11-23T12:30:00.000Z',
      incomplete: true,
    } as const;
    const { screen } = await atThread({ messages: [aMessage(1, { gap }), aMessage(2)] });
    const notice = await screen.findByText(/Podem faltar mensagens/);
    const before = screen.getByText('Mensagem 1').compareDocumentPosition(notice);
    const after = notice.compareDocumentPosition(screen.getByText('Mensagem 2'));
    expect([before, after]).toEqual([Node.DOCUMENT_POSITION_FOLLOWING, Node.DOCUMENT_POSITION_FOLLOWING]);
  });

  it('breaks the line with Shift+Enter and keeps the draft of each chat', async () => {
    const other = aChat({ id: '01JD3W5ZK2Q8N6V4T0XHRB7MCB', name: 'João Pedro' });
    const { screen, user, router, api } = await atThread({ chats: [aChat(), other] });
    await user.type(screen.getByLabelText('Escrever mensagem'), 'uma{Shift>}{Enter}{/Shift}duas');
    await router.push(`/conversas/${other.id}`);
    await screen.findByRole('log', { name: 'Mensagens com João Pedro' });
    expect(screen.getByLabelText<HTMLTextAreaElement>('Escrever mensagem').value).toBe('');
    await router.push(address);
    await screen.findByRole('log', { name: 'Mensagens com Ana Souza' });
    expect(screen.getByLabelText<HTMLTextAreaElement>('Escrever mensagem').value).toBe('uma\nduas');
    expect(api.state.outgoing).toHaveLength(0);
  });

  it('draws formatting and links as elements and leaves markup alone', async () => {
    const text = 'Custa *R$ 180* em https://example.com/a_b_c <img src=x onerror=alert(1)>';
    const { screen } = await atThread({ messages: [aMessage(1, { text })] });
    const link = await screen.findByRole('link', { name: 'https://example.com/a_b_c' });
    expect(link.getAttribute('rel')).toContain('noopener');
    expect(screen.getByText('R$ 180').tagName).toBe('STRONG');
    expect(document.querySelector('[role="log"] img')).toBeNull();
    expect(screen.getByText(/<img src=x/)).toBeTruthy();
  });

  it('switches the assistant on for this chat only', async () => {
    const { screen, user, api } = await atThread();
    await user.click(screen.getByRole('button', { name: /contato e assistente|Fechar painel/ }));
    const toggle = await screen.findByRole('switch', { name: 'Sugerir respostas nesta conversa' });
    await user.click(toggle);
    await expect.poll(() => api.state.chats[0]?.assistantMode).toBe('suggest');
  });

  it('has no switch for the assistant in a group, where it does nothing, and says so', async () => {
    const { screen, user } = await atThread({ chats: [aChat({ isGroup: true })] });
    await user.click(screen.getByRole('button', { name: /contato e assistente|Fechar painel/ }));
    expect(await screen.findByText('A assistente não lê grupos nem sugere nada neles.')).toBeTruthy();
    expect(screen.queryByRole('switch')).toBeNull();
  });

  it('says that an unknown conversation is not there', async () => {
    const { screen } = await mountApp({
      at: '/conversas/01JD3W5ZK2Q8N6V4T0XHRB7ZZZ',
      api: createFakeApi({ chats: [aChat()] }),
    });
    expect(await screen.findByText('Conversa não encontrada')).toBeTruthy();
  });
});
