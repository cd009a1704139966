import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '@top-active/aws/test-support/dynoxide';
import { customer, incoming, openTenant, outgoing } from '@top-active/aws/test-support/tenants';
import { amendMessage, type AmendmentEvent } from './amend-message.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const peer = '5511987654321@c.us';

/** The customer's message and the owner's, under one stanza id, after an event. */
async function after(event: AmendmentEvent) {
  const tenant = openTenant(db);
  const chat = customer(peer);
  const { chatId } = await tenant.messages.recordMessage({ chat, message: incoming({ stanzaId: 'ONE' }) });
  await tenant.messages.recordMessage({ chat, message: outgoing({ stanzaId: 'ONE', text: 'Resposta' }) });
  const isFound = await amendMessage(tenant.messages, { chatId, event });
  const { items } = await tenant.messages.page({ chatId, limit: 10 });
  const of = (author: string) => items.find((message) => message.author === author);
  return { isFound, theirs: of('customer'), ours: of('owner') };
}

const ref = { peer, stanzaId: 'ONE', fromMe: false } as const;

describe('a change of a message', () => {
  it('of its ticks is one of the owner’s message', async () => {
    const { isFound, ours, theirs } = await after({ ...ref, type: 'delivery', delivery: 'read' });
    expect([isFound, ours?.delivery, theirs?.delivery]).toEqual([true, 'read', 'delivered']);
  });

  it('of its words, or its end, is one of whoever wrote it', async () => {
    const edited = await after({ ...ref, type: 'edit', text: 'melhor assim' });
    expect([edited.isFound, edited.theirs?.text, edited.ours?.text]).toEqual([true, 'melhor assim', 'Resposta']);
    const revoked = await after({ ...ref, fromMe: true, type: 'revoke' });
    expect([revoked.theirs?.kind, revoked.ours?.kind]).toEqual(['text', 'revoked']);
  });

  it('is a reaction', async () => {
    const reaction = { author: 'owner', senderId: peer, emoji: '👍', at: '2030-01-01T12:00:00.000Z' } as const;
    const { theirs, ours } = await after({ ...ref, type: 'reaction', reaction });
    expect([theirs?.reactions, ours?.reactions]).toMatchObject([[{ emoji: '👍' }], undefined]);
  });

  it('is the votes of a poll', async () => {
    const tenant = openTenant(db);
    const poll = { question: 'Pode amanhã?', options: [{ text: 'Sim', votes: 0 }], multiple: false };
    const message = outgoing({ stanzaId: 'POLL', kind: 'poll', content: { poll } });
    const { chatId } = await tenant.messages.recordMessage({ chat: customer(peer), message });
    const voted = { ...poll, options: [{ text: 'Sim', votes: 1 }] };
    const event = { peer, stanzaId: 'POLL', fromMe: true, type: 'poll', poll: voted } as const;
    expect(await amendMessage(tenant.messages, { chatId, event })).toBe(true);
    expect((await tenant.messages.page({ chatId, limit: 10 })).items[0]?.poll).toEqual(voted);
  });

  it('is not found where the chat has no such message', async () => {
    expect((await after({ ...ref, stanzaId: 'OTHER', type: 'revoke' })).isFound).toBe(false);
  });
});
