import { randomUUID } from 'node:crypto';
import {
  chatSchema,
  chatsResponseSchema,
  messagesResponseSchema,
  outgoingResponseSchema,
  outgoingSchema,
  suggestionSchema,
  unmergeChatResponseSchema,
  suggestionsResponseSchema,
} from '@top-active/core/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '@top-active/local/client/api-client';
import { startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
let user: TestUser;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  user = await fixture.newUser();
});

const second = 1_790_000_000;
const foreignId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** What the session host would have stored. */
async function customerWrites(
  { tenant }: TestUser,
  { sentAt = second, text = 'Oi', waId = '5511987654321@c.us' } = {},
) {
  const stanzaId = randomUUID().replaceAll('-', '').toUpperCase();
  return tenant.messages.recordMessage({
    chat: { waIds: [waId], name: 'Bia', isGroup: waId.endsWith('@g.us') },
    message: {
      waId: `false_${waId}_${stanzaId}`,
      stanzaId,
      direction: 'in',
      author: 'customer',
      kind: 'text',
      text,
      sentAt,
      delivery: 'delivered',
    },
  });
}

async function link({ tenant }: TestUser) {
  const { status } = await tenant.whatsapp.beginConnect();
  const account = { phone: '5511970000001', name: 'Ana', platform: 'android' };
  await tenant.whatsapp.update(status.generation, { state: 'linked', account });
}

function send(chatId: string, body: unknown, idempotencyKey?: string) {
  return user.api.request(`/api/chats/${chatId}/messages`, {
    method: 'POST',
    body,
    ...(idempotencyKey && { headers: { 'idempotency-key': idempotencyKey } }),
    answer: outgoingSchema,
  });
}

function messagesOf(chatId: string, query = '') {
  return user.api.request(`/api/chats/${chatId}/messages${query}`, { answer: messagesResponseSchema });
}

async function refusalOf(work: Promise<unknown>) {
  const error: unknown = await work.catch((error: unknown) => error);
  if (!(error instanceof ApiError)) throw new Error('Not refused', { cause: error });
  return error.problem;
}

async function suggested() {
  const { chatId, messageId } = await customerWrites(user);
  await user.tenant.chats.setAssistantMode(chatId, 'suggest');
  const created = await user.tenant.suggestions.create({
    chatId,
    text: 'Amanhã às 9h?',
    answers: messageId,
    madeFrom: [messageId],
    model: 'gpt',
    simulated: true,
    usage: { inputTokens: 1, outputTokens: 1 },
  });
  if (!created.created) throw new Error(created.reason);
  return created.suggestion;
}

function act(id: string, action: 'accept' | 'dismiss', body: unknown = {}) {
  return user.api.request(`/api/suggestions/${id}/${action}`, { method: 'POST', body, answer: suggestionSchema });
}

describe('reading', () => {
  it('lists chats and pages through their messages', async () => {
    const ids: string[] = [];
    let chatId = '';
    for (let i = 0; i < 12; i++) {
      const recorded = await customerWrites(user, { sentAt: second + i });
      chatId = recorded.chatId;
      ids.push(recorded.messageId);
    }
    const { items } = await user.api.request('/api/chats', { answer: chatsResponseSchema });
    expect(items).toMatchObject([{ id: chatId, name: 'Bia', unread: 12, lastMessage: { id: ids.at(-1) } }]);
    const newest = await messagesOf(chatId, '?limit=5');
    const older = await messagesOf(chatId, `?limit=50&before=${newest.before}`);
    expect([...older.items, ...newest.items].map(({ id }) => id)).toEqual(ids);
    expect(older.before).toBeUndefined();
  });

  it('shows nothing that only hosts need', async () => {
    const { chatId } = await customerWrites(user);
    const response = await fetch(`${fixture.origin}/api/chats`, {
      headers: { authorization: `Bearer ${user.api.accessToken}` },
    });
    const text = await response.text();
    expect(text).toContain(chatId);
    expect(text).not.toMatch(/waIds|primaryWaId|@c\.us|stanzaId/);
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=101', 'limit'],
    ['?before=abc', 'before'],
    ['?after=1', 'after'],
  ])('refuses messages%s, naming %s', async (query, field) => {
    const { chatId } = await customerWrites(user);
    const problem = await refusalOf(messagesOf(chatId, query));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ field }] });
    expect(problem.errors?.[0]?.remedy).toBeTruthy();
  });

  it('refuses a forged cursor of the list', async () => {
    const problem = await refusalOf(user.api.request('/api/chats?cursor=forged'));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ field: 'cursor' }] });
  });
});

describe("a neighbour's chat", () => {
  it('is as unknown as none at all', async () => {
    const neighbour = await fixture.newUser();
    const { chatId } = await customerWrites(neighbour);
    await link(user);
    for (const id of [chatId, foreignId, 'not-an-id', '%00', `${chatId}%23x`]) {
      const refusals = await Promise.all([
        refusalOf(messagesOf(id)),
        refusalOf(send(id, { text: 'Oi' })),
        refusalOf(user.api.request(`/api/chats/${id}`, { method: 'PATCH', body: { read: true } })),
        refusalOf(user.api.request(`/api/chats/${id}/merged/${id}`, { method: 'DELETE' })),
        refusalOf(user.api.request(`/api/chats/${id}/merged`, { method: 'POST', body: { chatId: foreignId } })),
      ]);
      for (const refusal of refusals)
        expect({ id, ...refusal }).toMatchObject({ id, status: 404, code: 'chat_not_found' });
    }
    expect((await neighbour.tenant.chats.require(chatId)).unread).toBe(1);
    expect(await neighbour.tenant.commands.outgoingOf(chatId)).toEqual([]);
  });
});

describe('sending', () => {
  it('lists what may not have left, over all chats', async () => {
    const { chatId } = await customerWrites(user);
    await link(user);
    const { id } = await send(chatId, { text: 'Até já' });
    const unsent = async () => (await user.api.request('/api/outgoing', { answer: outgoingResponseSchema })).items;
    expect((await unsent()).map((one) => one.id)).not.toContain(id);
    await user.tenant.commands.finish(id, { state: 'UNKNOWN', failure: 'interrupted' });
    expect(await unsent()).toContainEqual(expect.objectContaining({ id, chatId, state: 'UNKNOWN', text: 'Até já' }));
  });

  it('stores a command and answers before it is sent', async () => {
    const { chatId } = await customerWrites(user);
    await link(user);
    const outgoing = await send(chatId, { text: 'Bom dia!' });
    expect(outgoing).toMatchObject({ chatId, state: 'PENDING', text: 'Bom dia!', author: 'owner' });
    expect((await messagesOf(chatId)).outgoing).toEqual([outgoing]);
  });

  it('sends once for one key, and refuses the key for another text', async () => {
    const { chatId } = await customerWrites(user);
    await link(user);
    const key = 'send-0000-0001';
    const sent = await Promise.all(Array.from({ length: 5 }, () => send(chatId, { text: 'Uma vez' }, key)));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect((await messagesOf(chatId)).outgoing).toHaveLength(1);
    expect(await refusalOf(send(chatId, { text: 'Outra' }, key))).toMatchObject({
      status: 422,
      code: 'idempotency_key_reused',
    });
    // Taken once, the answer stays, also when WhatsApp is gone meanwhile.
    await user.tenant.whatsapp.requestStop();
    expect((await send(chatId, { text: 'Uma vez' }, key)).id).toBe(sent[0]?.id);
  });

  it('stores nothing while no WhatsApp is linked', async () => {
    const { chatId } = await customerWrites(user);
    const seq = await user.tenant.events.last();
    const problem = await refusalOf(send(chatId, { text: 'Oi' }, 'send-0000-0002'));
    expect(problem).toMatchObject({ status: 409, code: 'whatsapp_not_linked' });
    expect(problem.remedy).toBeTruthy();
    expect(await user.tenant.commands.open()).toEqual([]);
    expect(await user.tenant.events.last()).toBe(seq);
    await link(user);
    expect((await send(chatId, { text: 'Oi' }, 'send-0000-0002')).state).toBe('PENDING');
  });

  it.each([
    ['an empty text', { text: '' }, 'text'],
    ['blanks only', { text: ' \n ' }, 'text'],
    ['70,000 characters', { text: 'a'.repeat(70_000) }, 'text'],
    ['no text', {}, 'text'],
    ['a number', { text: 1 }, 'text'],
    ['an unknown field', { text: 'Oi', to: 'x' }, 'to'],
  ])('refuses %s, naming the field and what to do', async (_, body, field) => {
    const { chatId } = await customerWrites(user);
    await link(user);
    const problem = await refusalOf(send(chatId, body));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ field }] });
    expect(problem.errors?.[0]?.remedy).toBeTruthy();
    expect(await user.tenant.commands.outgoingOf(chatId)).toEqual([]);
  });

  it('tells the limit of a text that is too long', async () => {
    const { chatId } = await customerWrites(user);
    const { errors } = await refusalOf(send(chatId, { text: 'a'.repeat(70_000) }));
    expect(errors?.[0]?.remedy).toContain('65536');
  });

  it('takes the longest text', async () => {
    const { chatId } = await customerWrites(user);
    await link(user);
    const text = 'ã'.repeat(65_536);
    expect((await send(chatId, { text })).text).toBe(text);
  });

  it('refuses a key that is none', async () => {
    const { chatId } = await customerWrites(user);
    expect(await refusalOf(send(chatId, { text: 'Oi' }, 'x'))).toMatchObject({
      status: 400,
      errors: [{ field: 'idempotency-key' }],
    });
  });
});

describe('changing a chat', () => {
  it('switches the assistant and marks as read, telling WhatsApp once', async () => {
    const { chatId } = await customerWrites(user);
    const patch = (body: unknown) =>
      user.api.request(`/api/chats/${chatId}`, { method: 'PATCH', body, answer: chatSchema });
    expect(await patch({ assistantMode: 'suggest' })).toMatchObject({ assistantMode: 'suggest', unread: 1 });
    expect(await patch({ read: true })).toMatchObject({ unread: 0 });
    expect(await patch({ read: true })).toMatchObject({ unread: 0 });
    const open = await user.tenant.commands.open();
    expect(open.map(({ command }) => command)).toEqual([{ kind: 'chat.seen', chatId }]);
  });

  it('goes on under the id of a merged chat, and takes it out again, once', async () => {
    const { chatId } = await customerWrites(user, { text: 'um' });
    const other = await customerWrites(user, { text: 'dois', waId: '128849273645182@lid', sentAt: second + 1 });
    await link(user);
    await user.tenant.chats.merge([chatId, other.chatId]);
    await send(other.chatId, { text: 'Recebido' });
    const shown = await messagesOf(other.chatId);
    expect(shown.items.map((message) => [message.chatId, message.text])).toEqual([
      [chatId, 'um'],
      [chatId, 'dois'],
    ]);
    expect(shown.outgoing).toMatchObject([{ chatId, text: 'Recebido' }]);
    const list = await user.api.request('/api/chats', { answer: chatsResponseSchema });
    expect(list.items).toMatchObject([{ id: chatId, unread: 2, merged: [{ id: other.chatId, name: 'Bia' }] }]);

    const takeOut = () =>
      user.api.request(`/api/chats/${chatId}/merged/${other.chatId}`, {
        method: 'DELETE',
        answer: unmergeChatResponseSchema,
      });
    const writtenTo = (await user.tenant.chats.require(chatId)).primaryWaId;
    const first = await takeOut();
    // Whom it was for doesn't change with the chat.
    expect(writtenTo).toBe('128849273645182@lid');
    const sends = (await user.tenant.commands.open()).filter(({ command }) => command.kind === 'message.send');
    expect(sends).toMatchObject([{ command: { to: writtenTo } }]);
    expect(first.items).toMatchObject([
      { id: chatId, unread: 1, lastMessage: { text: 'um' } },
      { id: other.chatId, unread: 1, lastMessage: { text: 'dois' } },
    ]);
    expect(await takeOut()).toEqual(first);
    expect((await messagesOf(other.chatId)).items.map(({ text }) => text)).toEqual(['dois']);

    const rejoin = (body: unknown) =>
      user.api.request(`/api/chats/${other.chatId}/merged`, { method: 'POST', body, answer: chatSchema });
    expect(await rejoin({ chatId })).toMatchObject({ id: chatId, merged: [{ id: other.chatId }] });
    expect((await messagesOf(other.chatId)).items.map(({ text }) => text)).toEqual(['um', 'dois']);
    expect(await refusalOf(rejoin({ chatId: foreignId }))).toMatchObject({ status: 404, code: 'chat_not_found' });
  });

  it('refuses the assistant in a group, where it does nothing', async () => {
    const { chatId } = await customerWrites(user, { waId: '120363041234567890@g.us' });
    const patch = (body: object) => user.api.request(`/api/chats/${chatId}`, { method: 'PATCH', body });
    const problem = await refusalOf(patch({ assistantMode: 'suggest', read: true }));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ field: 'assistantMode' }] });
    // Refused as a whole: it isn't read either.
    expect(await user.tenant.chats.require(chatId)).toMatchObject({ assistantMode: 'off', unread: 1 });
    await patch({ assistantMode: 'off' });
  });

  it.each([
    [{ read: false }, 'read'],
    [{ assistantMode: 'auto' }, 'assistantMode'],
    [{ name: 'x' }, 'name'],
  ])('refuses %j', async (body, field) => {
    const { chatId } = await customerWrites(user);
    const problem = await refusalOf(user.api.request(`/api/chats/${chatId}`, { method: 'PATCH', body }));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ field }] });
  });
});

describe('suggestions', () => {
  it('are listed and accepted with one click, once', async () => {
    await link(user);
    const { id } = await suggested();
    const { items } = await user.api.request('/api/suggestions?state=pending', { answer: suggestionsResponseSchema });
    expect(items.map((one) => one.id)).toEqual([id]);
    const clicks = await Promise.allSettled([act(id, 'accept'), act(id, 'accept'), act(id, 'accept')]);
    expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await refusalOf(act(id, 'dismiss'))).toMatchObject({ status: 409, code: 'suggestion_not_pending' });
    const open = await user.tenant.commands.open();
    expect(open.filter(({ command }) => command.kind === 'message.send')).toHaveLength(1);
  });

  it('stay pending while no WhatsApp is linked', async () => {
    const { id } = await suggested();
    expect(await refusalOf(act(id, 'accept'))).toMatchObject({ status: 409, code: 'whatsapp_not_linked' });
    expect((await act(id, 'dismiss')).state).toBe('dismissed');
  });

  it('that book need a calendar', async () => {
    await link(user);
    const { id } = await suggested();
    const appointment = {
      title: 'Consulta',
      start: '2026-11-25T12:00:00.000Z',
      end: '2026-11-25T13:00:00.000Z',
      timeZone: 'America/Sao_Paulo',
    };
    expect(await refusalOf(act(id, 'accept', { appointment }))).toMatchObject({ code: 'google_not_connected' });
    const upsideDown = { ...appointment, end: '2026-11-25T11:00:00.000Z' };
    expect(await refusalOf(act(id, 'accept', { appointment: upsideDown }))).toMatchObject({
      status: 400,
      errors: [{ field: 'appointment.end' }],
    });
  });

  it("are unknown when they are a neighbour's", async () => {
    await link(user);
    const { id } = await suggested();
    user = await fixture.newUser();
    await link(user);
    const refusals = await Promise.all([act(id, 'accept'), act(id, 'dismiss'), act('x', 'accept')].map(refusalOf));
    for (const refusal of refusals) expect(refusal).toMatchObject({ status: 404, code: 'suggestion_not_found' });
  });
});
