import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { customer, incoming, openTenant, outgoing } from '../../test-support/tenants.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { NewSuggestion, SuggestionStore } from './suggestions.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const second = 1_790_000_000;
const appointment = {
  title: 'Consulta',
  start: '2026-11-25T12:00:00.000Z',
  end: '2026-11-25T13:00:00.000Z',
  timeZone: 'America/Sao_Paulo',
};

async function asked(tenant: Tenant): Promise<NewSuggestion> {
  const { chatId, messageId } = await tenant.messages.recordMessage({
    chat: customer(),
    message: incoming({ sentAt: second }),
  });
  await tenant.chats.setAssistantMode(chatId, 'suggest');
  const usage = { inputTokens: 10, outputTokens: 5 };
  const madeFrom = [messageId];
  return { chatId, text: 'Amanhã às 9h?', answers: messageId, madeFrom, model: 'gpt', simulated: true, usage };
}

async function suggest(suggestions: SuggestionStore, input: NewSuggestion) {
  const created = await suggestions.create(input);
  if (!created.created) throw new Error(created.reason);
  return created.suggestion;
}

async function stateOf(tenant: Tenant, id: string) {
  return (await tenant.suggestions.get(id))?.state;
}

describe('create', () => {
  it('leaves one pending suggestion, however many come at once', { timeout: 30_000 }, async () => {
    const userId = randomUUID();
    const tenant = openTenant(db, { userId });
    const input = await asked(tenant);
    const made = await Promise.all(
      Array.from({ length: 8 }, () => suggest(openTenant(db, { userId }).suggestions, input)),
    );
    const pending = await tenant.suggestions.list({ state: 'pending' });
    expect(pending).toHaveLength(1);
    const states = await Promise.all(made.map(({ id }) => stateOf(tenant, id)));
    expect(states.filter((state) => state === 'pending')).toHaveLength(1);
    expect(states.filter((state) => state === 'superseded')).toHaveLength(7);
    expect(await tenant.suggestions.list({ state: 'superseded' })).toHaveLength(7);
    expect(await tenant.suggestions.list({ chatId: input.chatId })).toHaveLength(8);
  });

  it('comes too late once a message that it was made from was deleted meanwhile', async () => {
    const tenant = openTenant(db);
    const chat = customer();
    const first = await tenant.messages.recordMessage({
      chat,
      message: incoming({ stanzaId: 'F', sentAt: second - 9 }),
    });
    const input = await asked(tenant);
    const madeFrom = [first.messageId, input.answers];
    await tenant.messages.revokeMessage({ chatId: input.chatId, stanzaId: 'F', direction: 'in' });
    expect(await tenant.suggestions.create({ ...input, madeFrom })).toEqual({
      created: false,
      reason: 'message_deleted',
    });
    expect(await tenant.suggestions.create(input)).toMatchObject({ created: true });
  });

  it('comes too late once the customer or the owner wrote again, or the assistant is off', async () => {
    const tenant = openTenant(db);
    const input = await asked(tenant);
    const again = await tenant.messages.recordMessage({ chat: customer(), message: incoming({ sentAt: second + 1 }) });
    expect(await tenant.suggestions.create(input)).toEqual({ created: false, reason: 'customer_wrote_again' });
    const answers = again.messageId;
    await tenant.messages.recordMessage({ chat: customer(), message: outgoing({ sentAt: second + 2 }) });
    expect(await tenant.suggestions.create({ ...input, answers })).toEqual({
      created: false,
      reason: 'owner_answered',
    });
    await tenant.chats.setAssistantMode(input.chatId, 'off');
    expect(await tenant.suggestions.create({ ...input, answers })).toEqual({ created: false, reason: 'assistant_off' });
    const unknown = { ...input, chatId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
    await expect(tenant.suggestions.create(unknown)).rejects.toMatchObject({ code: 'chat_not_found' });
  });
});

describe('what overtakes a pending suggestion', () => {
  it.each([
    ['the customer writes again', (t: Tenant) => t.messages.recordMessage({ chat: customer(), message: later() })],
    [
      'the owner answers on the phone',
      (t: Tenant) => t.messages.recordMessage({ chat: customer(), message: outgoing({ sentAt: second + 9 }) }),
    ],
    [
      'the owner answers by hand in the app',
      (t: Tenant, chatId: string) =>
        t.commands.create({ command: { kind: 'message.send', chatId, text: 'Eu mesma', author: 'owner' } }),
    ],
    ['the assistant is switched off', (t: Tenant, chatId: string) => t.chats.setAssistantMode(chatId, 'off')],
    ['it is told so', (t: Tenant, chatId: string) => t.suggestions.supersedeOpen(chatId)],
  ])('%s', async (_, happen) => {
    const tenant = openTenant(db);
    const input = await asked(tenant);
    const { id } = await suggest(tenant.suggestions, input);
    const seq = await tenant.events.last();
    await happen(tenant, input.chatId);
    expect(await stateOf(tenant, id)).toBe('superseded');
    expect(await tenant.suggestions.list({ state: 'pending' })).toEqual([]);
    expect((await tenant.events.after(seq)).items).toContainEqual(
      expect.objectContaining({ type: 'suggestion.updated', ids: { chatId: input.chatId, suggestionId: id } }),
    );
    await expect(tenant.suggestions.accept(id, {})).rejects.toMatchObject({ code: 'suggestion_not_pending' });
  });

  const stanzaId = 'WITHDRAWN';
  const words = incoming({ stanzaId, sentAt: second });
  const tombstone = incoming({ stanzaId: 'NEW', sentAt: second, kind: 'revoked', text: '', replaces: stanzaId });
  const deletions: [string, (tenant: Tenant, chatId: string) => Promise<unknown>][] = [
    ['live', (t, chatId) => t.messages.revokeMessage({ chatId, stanzaId, direction: 'in' })],
    ['in catching up', (t) => t.messages.recordMessage({ chat: customer(), message: { ...words, kind: 'revoked' } })],
    ['under its new name', (t) => t.messages.recordMessage({ chat: customer(), message: tombstone })],
  ];

  it.each(deletions)('the customer deletes what it was made from: %s', async (_, remove) => {
    const tenant = openTenant(db);
    await tenant.messages.recordMessage({ chat: customer(), message: words });
    const { id, chatId } = await suggest(tenant.suggestions, await asked(tenant));
    const seq = await tenant.events.last();
    await remove(tenant, chatId);
    expect(await stateOf(tenant, id)).toBe('superseded');
    expect((await tenant.events.after(seq)).items).toContainEqual(
      expect.objectContaining({ type: 'suggestion.updated', ids: { chatId, suggestionId: id } }),
    );
    expect(await tenant.suggestions.list({ state: 'pending' })).toEqual([]);
  });

  it('is not what was deleted before, nor what was only planned', async () => {
    const tenant = openTenant(db);
    const content = { plannedFor: new Date((second + 900) * 1000).toISOString() };
    const planned = outgoing({ stanzaId: 'PLANNED', sentAt: second - 5, content });
    for (const message of [words, planned]) await tenant.messages.recordMessage({ chat: customer(), message });
    const input = await asked(tenant);
    await tenant.messages.revokeMessage({ chatId: input.chatId, stanzaId, direction: 'in' });
    const { id, chatId } = await suggest(tenant.suggestions, input);
    await tenant.messages.recordMessage({ chat: customer(), message: tombstone });
    await tenant.messages.revokeMessage({ chatId, stanzaId: 'PLANNED', direction: 'out' });
    expect(await stateOf(tenant, id)).toBe('pending');
  });

  it('is not a message that is older than the one it answers', async () => {
    const tenant = openTenant(db);
    const { id } = await suggest(tenant.suggestions, await asked(tenant));
    await tenant.messages.recordMessage({ chat: customer(), message: incoming({ sentAt: second - 60 }) });
    expect(await stateOf(tenant, id)).toBe('pending');
  });

  it('has one outcome when owner and customer act at the same moment', async () => {
    for (let i = 0; i < 5; i++) {
      const userId = randomUUID();
      const tenant = openTenant(db, { userId });
      const { id } = await suggest(tenant.suggestions, await asked(tenant));
      const [accepted] = await Promise.allSettled([
        openTenant(db, { userId }).suggestions.accept(id, {}),
        openTenant(db, { userId }).messages.recordMessage({ chat: customer(), message: later() }),
      ]);
      const commands = await tenant.commands.open();
      const isAccepted = accepted.status === 'fulfilled';
      expect(await stateOf(tenant, id)).toBe(isAccepted ? 'accepted' : 'superseded');
      expect(commands).toHaveLength(isAccepted ? 1 : 0);
    }
  });
});

describe('accept', () => {
  it('sends the reply at once when nothing is to be booked, and is sent when WhatsApp has it', async () => {
    const tenant = openTenant(db);
    const input = await asked(tenant);
    const { id } = await suggest(tenant.suggestions, input);
    const accepted = await tenant.suggestions.accept(id, { text: 'Às 10h?' });
    expect(accepted).toMatchObject({ state: 'accepted', text: 'Às 10h?' });
    const [command] = await tenant.commands.open();
    expect(command).toMatchObject({
      id: accepted.commandId,
      command: {
        kind: 'message.send',
        chatId: input.chatId,
        to: '5511987654321@c.us',
        text: 'Às 10h?',
        author: 'assistant',
      },
    });
    const message = outgoing({ author: 'assistant', commandId: accepted.commandId, sentAt: second + 9 });
    await tenant.messages.recordMessage({ chat: customer(), message });
    expect(await stateOf(tenant, id)).toBe('sent');
  });

  it('books first and sends then, once', async () => {
    const tenant = openTenant(db);
    const { id, chatId } = await suggest(tenant.suggestions, { ...(await asked(tenant)), appointment });
    expect(await tenant.suggestions.accept(id, {})).toMatchObject({ state: 'accepted', appointment });
    expect(await tenant.commands.open()).toEqual([]);
    const booking = { eventId: 'event1', eventUrl: 'https://calendar.google.com/event1' };
    const { commandId } = await tenant.suggestions.markBooked(id, booking);
    expect(await tenant.suggestions.markBooked(id, booking)).toEqual({ commandId });
    expect(await tenant.commands.open()).toHaveLength(1);
    expect(await tenant.appointments.list()).toMatchObject([{ ...appointment, ...booking, suggestionId: id, chatId }]);
    expect(await tenant.suggestions.markFailed(id, 'slot_taken')).toBe(false);
    await tenant.commands.finish(commandId, { state: 'SENT' });
    expect(await tenant.suggestions.get(id)).toMatchObject({ state: 'sent', eventUrl: booking.eventUrl, commandId });
  });

  it('lets the owner change or drop the appointment', async () => {
    const tenant = openTenant(db);
    const input = { ...(await asked(tenant)), appointment };
    const moved = { ...appointment, start: '2026-11-25T12:30:00.000Z' };
    const first = await suggest(tenant.suggestions, input);
    expect(await tenant.suggestions.accept(first.id, { appointment: moved })).toMatchObject({ appointment: moved });
    const second = await suggest(tenant.suggestions, input);
    const dropped = await tenant.suggestions.accept(second.id, { appointment: null });
    expect(dropped.appointment).toBeUndefined();
    expect(dropped.commandId).toBeDefined();
  });

  it('says why nothing was sent', async () => {
    const tenant = openTenant(db);
    const { id } = await suggest(tenant.suggestions, { ...(await asked(tenant)), appointment });
    await tenant.suggestions.accept(id, {});
    expect(await tenant.suggestions.markFailed(id, 'slot_taken')).toBe(true);
    expect(await tenant.suggestions.get(id)).toMatchObject({ state: 'failed', failure: 'slot_taken' });
    await expect(tenant.suggestions.markBooked(id, { eventId: 'e', eventUrl: 'u' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('has one winner among clicks at the same moment, and knows nothing of neighbours', async () => {
    const userId = randomUUID();
    const tenant = openTenant(db, { userId });
    const { id } = await suggest(tenant.suggestions, await asked(tenant));
    const clicks = await Promise.allSettled([
      openTenant(db, { userId }).suggestions.accept(id, {}),
      openTenant(db, { userId }).suggestions.accept(id, {}),
      openTenant(db, { userId }).suggestions.dismiss(id),
    ]);
    expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const neighbour = openTenant(db);
    await expect(neighbour.suggestions.accept(id, {})).rejects.toMatchObject({ code: 'suggestion_not_found' });
    await expect(neighbour.suggestions.dismiss(id)).rejects.toMatchObject({ code: 'suggestion_not_found' });
  });
});

function later() {
  return incoming({ sentAt: second + 9 });
}
