import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRequests } from '../../test-support/count-requests.ts';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { customer, incoming, openTenant, outgoing } from '../../test-support/tenants.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { IncomingContent, IncomingMessage, ReactionChange } from './incoming-message.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const second = 1_790_000_000;
const at = (seconds: number) => new Date((second + seconds) * 1000).toISOString();

function record(tenant: Tenant, message: IncomingMessage, isGroup = false) {
  return tenant.messages.recordMessage({ chat: { ...customer(), isGroup }, message });
}

async function shown(tenant: Tenant) {
  const chatId = (await tenant.chats.resolvePeer(customer().waIds)) ?? '';
  return (await tenant.messages.page({ chatId, limit: 100 })).items;
}

function reaction(change: Partial<ReactionChange> = {}): ReactionChange {
  return { author: 'customer', senderId: '5511987654321@c.us', emoji: '👍', at: at(10), ...change };
}

describe('the content of a message', () => {
  it('is stored and read as it was told', async () => {
    const tenant = openTenant(db);
    const content: IncomingContent = {
      sender: { id: '5511911112222@c.us', name: 'Rui', phone: '5511911112222' },
      place: { latitude: -23.55052, longitude: -46.633308, name: 'Praça da Sé', live: true },
      contacts: [{ name: 'Clínica', phones: ['+55 11 4000-0000'] }],
      poll: { question: 'Quando?', options: [{ text: 'Terça', votes: 2 }], multiple: false },
      file: { name: 'exame.pdf', mimeType: 'application/pdf', bytes: 12_345, seconds: 3.5 },
      call: { missed: true, video: false },
      viewOnce: true,
      onPhone: { reason: 'unknown_type', type: 'interactive' },
      reactions: [{ author: 'owner', senderId: '5511999990000@c.us', emoji: '❤️', at: at(1) }],
    };
    await record(tenant, incoming({ kind: 'other', content }));
    expect(await shown(tenant)).toMatchObject([content]);
  });

  it('names the message that it answers, in whichever direction that went', async () => {
    const tenant = openTenant(db);
    const asked = await record(tenant, outgoing({ stanzaId: 'ASK', sentAt: second, text: 'Terça às 14h?' }));
    await record(tenant, incoming({ stanzaId: 'ASK', sentAt: second + 1 }));
    const quoted = { stanzaId: 'ASK', author: 'owner', kind: 'text', text: 'Terça às 14h?' } as const;
    await record(tenant, incoming({ stanzaId: 'YES', sentAt: second + 2, content: { quoted } }));
    const unknown = { ...quoted, stanzaId: 'NEVERSEEN' };
    await record(tenant, incoming({ sentAt: second + 3, content: { quoted: unknown } }));
    const [, , answer, other] = await shown(tenant);
    expect(answer?.quoted).toMatchObject({ messageId: asked.messageId, author: 'owner', text: 'Terça às 14h?' });
    expect(other?.quoted).toMatchObject({ text: 'Terça às 14h?' });
    expect(other?.quoted?.messageId).toBeUndefined();
  });

  it('costs a text from a customer no request', async () => {
    const requests = async (content?: IncomingContent) => {
      const tenant = openTenant(db);
      await record(tenant, incoming({ sentAt: second }));
      const counting = countRequests(db);
      await record(tenant, incoming({ sentAt: second + 1, content }));
      return counting.end();
    };
    const plain = await requests();
    expect(plain).toEqual({ BatchGetItemCommand: 1, GetItemCommand: 3, TransactWriteItemsCommand: 1 });
    expect(await requests({ file: { name: 'a.pdf' }, reactions: [] })).toEqual(plain);
  });

  it('is clipped to what an item can hold, however much is told', async () => {
    const tenant = openTenant(db);
    const long = '\u20ac'.repeat(70_000);
    const much = <T>(one: (i: number) => T) => Array.from({ length: 1_000 }, (_, i) => one(i));
    const content: IncomingContent = {
      sender: { id: long, name: long, phone: long },
      quoted: { stanzaId: long, author: 'owner', senderName: long, kind: 'text', text: long },
      reactions: much((i) => reaction({ senderId: `${i}`.padEnd(64, long), senderName: long, emoji: long })),
      place: { latitude: 1, longitude: 1, name: long, address: long },
      contacts: much(() => ({ name: long, phones: [long, long, long, long, long, long] })),
      poll: { question: long, options: much(() => ({ text: long, votes: 1 })), multiple: true },
      file: { name: long, mimeType: long, bytes: 2 ** 50, seconds: 1e300 },
      onPhone: { reason: 'unknown_type', type: long },
    };
    const { chatId, messageId } = await record(tenant, incoming({ text: long, content }), true);
    const stored = await tenant.messages.get(chatId, messageId);
    expect(stored?.reactions).toHaveLength(100);
    expect(Buffer.byteLength(JSON.stringify(stored))).toBeLessThan(400_000);
  });
});

describe('a reaction', () => {
  it('is one for each person; the latest counts, in whatever order they are told', async () => {
    const tenant = openTenant(db);
    const { chatId } = await record(tenant, outgoing({ stanzaId: 'OFFER' }), true);
    const ref = { chatId, stanzaId: 'OFFER', direction: 'out' } as const;
    const rui = { senderId: '5511911112222@c.us', senderName: 'Rui' };
    const steps: [ReactionChange, string[]][] = [
      [reaction(), ['👍']],
      [reaction({ ...rui, emoji: '🎉', at: at(11) }), ['👍', '🎉']],
      [reaction({ emoji: '❤️', at: at(12) }), ['🎉', '❤️']],
      [reaction({ emoji: '😢', at: at(11) }), ['🎉', '❤️']],
      [reaction({ emoji: '', at: at(13) }), ['🎉']],
      // Late: it was taken back since.
      [reaction({ emoji: '👍', at: at(12) }), ['🎉']],
      [reaction({ author: 'owner', senderId: '', emoji: '👌', at: at(14) }), ['🎉', '👌']],
    ];
    for (const [change, expected] of steps) {
      await tenant.messages.react({ ...ref, reaction: change });
      expect((await shown(tenant))[0]?.reactions?.map(({ emoji }) => emoji)).toEqual(expected);
    }
    const last = steps.at(-1)?.[0] ?? reaction();
    expect(await tenant.messages.react({ ...ref, reaction: last })).toEqual({ found: true, changed: false });
    const events = (await tenant.events.after(0)).items.map(({ type }) => type);
    expect(events).toEqual(['message.stored', ...Array.from({ length: 5 }, () => 'message.updated')]);
  });

  it('is one person’s in a chat of two, under whatever id', async () => {
    const tenant = openTenant(db);
    const { chatId } = await record(tenant, outgoing({ stanzaId: 'OFFER' }));
    const ref = { chatId, stanzaId: 'OFFER', direction: 'out' } as const;
    await tenant.messages.react({ ...ref, reaction: reaction() });
    await tenant.messages.react({ ...ref, reaction: reaction({ senderId: '77@lid', emoji: '❤️', at: at(20) }) });
    expect((await shown(tenant))[0]?.reactions).toMatchObject([{ emoji: '❤️' }]);
  });

  it('costs as much as any other amendment', async () => {
    const tenant = openTenant(db);
    const { chatId } = await record(tenant, outgoing({ stanzaId: 'OFFER' }));
    const ref = { chatId, stanzaId: 'OFFER', direction: 'out' } as const;
    const requests = async (amend: () => Promise<unknown>) => {
      const counting = countRequests(db);
      await amend();
      return counting.end();
    };
    const ticks = await requests(() => tenant.messages.updateDelivery({ ...ref, delivery: 'delivered' }));
    expect(await requests(() => tenant.messages.react({ ...ref, reaction: reaction() }))).toEqual(ticks);
  });
});

describe('a message that is told again', () => {
  const stanzaId = 'AGAIN';

  it('is what it is, where only the phone could show it before', async () => {
    const tenant = openTenant(db);
    const hidden = incoming({ stanzaId, kind: 'other', text: '', content: { onPhone: { reason: 'not_decrypted' } } });
    const { messageId } = await record(tenant, hidden);
    const content = { file: { name: 'foto.jpg' } };
    const again = await record(tenant, incoming({ stanzaId, kind: 'image', text: 'meu exame', content }));
    expect(again).toMatchObject({ stored: false, messageId });
    const [message] = await shown(tenant);
    expect(message).toMatchObject({ kind: 'image', text: 'meu exame', ...content });
    expect(message?.onPhone).toBeUndefined();
    expect((await tenant.chats.page({ limit: 1 })).items[0]?.lastMessage).toMatchObject({ text: 'meu exame' });
    // Not the other way round.
    await record(tenant, hidden);
    expect((await shown(tenant))[0]).toMatchObject({ kind: 'image', text: 'meu exame' });
  });

  it('takes over reactions and votes, and what was taken back', async () => {
    const tenant = openTenant(db);
    const poll = { question: 'Quando?', options: [{ text: 'Terça', votes: 0 }], multiple: false };
    await record(tenant, incoming({ stanzaId, kind: 'poll', content: { poll, reactions: [reaction()] } }));
    const voted = { ...poll, options: [{ text: 'Terça', votes: 1 }] };
    const told = incoming({ stanzaId, kind: 'poll', content: { poll: voted, reactions: [] } });
    await record(tenant, told);
    expect((await shown(tenant))[0]).toMatchObject({ poll: voted, reactions: [] });
    const { chatId } = await record(tenant, told);
    expect(await tenant.messages.findTold({ chatId, messages: [told] })).toMatchObject([{ hasNews: false }]);
    expect((await tenant.events.after(0)).items).toHaveLength(2);
    await tenant.messages.updatePoll({ chatId, stanzaId, direction: 'in', poll });
    expect((await shown(tenant))[0]).toMatchObject({ poll });
  });

  it('knows no votes where none could be read, and takes over those that can be', async () => {
    const tenant = openTenant(db);
    const poll = (...votes: unknown[]) => ({
      question: 'Quando?',
      options: votes.map((count, n) => ({ text: `Dia ${n}`, ...(count !== undefined && { votes: count as number }) })),
      multiple: false,
    });
    const tell = (...votes: unknown[]) =>
      record(tenant, incoming({ stanzaId, kind: 'poll', content: { poll: poll(...votes) } }));
    // One count beside none would be taken for the result.
    const { chatId } = await tell(undefined, 2);
    expect((await shown(tenant))[0]?.poll).toEqual(poll(undefined, undefined));
    await tell(0, 0);
    expect((await shown(tenant))[0]?.poll).toEqual(poll(0, 0));
    await tell(0, 3);
    await tell(undefined, undefined);
    expect((await shown(tenant))[0]?.poll).toEqual(poll(0, 3));
    // A vote came, and how many there are now could not be read.
    const ref = { chatId, stanzaId, direction: 'in' } as const;
    await tenant.messages.updatePoll({ ...ref, poll: poll(undefined, undefined) });
    expect((await shown(tenant))[0]?.poll).toEqual(poll(undefined, undefined));
  });

  it('says why it did not leave', async () => {
    const tenant = openTenant(db);
    const { chatId } = await record(tenant, outgoing({ stanzaId, delivery: 'pending' }));
    const ref = { chatId, stanzaId, direction: 'out' } as const;
    await tenant.messages.updateDelivery({ ...ref, delivery: 'failed', failure: 'blocked_by_owner' });
    expect(await shown(tenant)).toMatchObject([{ delivery: 'failed', failure: 'blocked_by_owner' }]);
  });
});

describe('a planned message', () => {
  const plannedFor = at(5_000);
  const planned = outgoing({ stanzaId: 'LATER', sentAt: second, text: 'Lembrete', content: { plannedFor } });

  it('is shown as planned and changes nothing else until it is sent; then it stands where it was sent', async () => {
    const tenant = openTenant(db);
    const { chatId, messageId } = await record(tenant, incoming({ stanzaId: 'Q', sentAt: second - 10 }));
    await tenant.chats.setAssistantMode(chatId, 'suggest');
    const origin = { answers: messageId, madeFrom: [messageId], model: 'm', simulated: true, usage: none };
    const suggestion = { chatId, text: 'Sim', ...origin };
    await tenant.suggestions.create(suggestion);
    await record(tenant, planned);
    await record(tenant, planned);
    expect(await shown(tenant)).toMatchObject([{ stanzaId: 'Q' }, { stanzaId: 'LATER', plannedFor }]);
    expect(await tenant.suggestions.list({ state: 'pending' })).toHaveLength(1);
    expect(await tenant.chats.require(chatId)).toMatchObject({ unread: 1, lastMessage: { id: messageId } });

    await record(tenant, incoming({ stanzaId: 'BETWEEN', sentAt: second + 100 }));
    await record(tenant, { ...planned, sentAt: second + 5_000, content: {} });
    const messages = await shown(tenant);
    expect(messages.map(({ stanzaId }) => stanzaId)).toEqual(['Q', 'BETWEEN', 'LATER']);
    expect(messages.at(-1)?.plannedFor).toBeUndefined();
    expect(await tenant.chats.require(chatId)).toMatchObject({ unread: 0, lastMessage: { text: 'Lembrete' } });
    await tenant.messages.updateDelivery({ chatId, stanzaId: 'LATER', direction: 'out', delivery: 'read' });
    expect((await shown(tenant)).at(-1)).toMatchObject({ delivery: 'read' });
  });
});

const none = { inputTokens: 0, outputTokens: 0 };
