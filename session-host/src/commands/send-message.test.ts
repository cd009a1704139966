import { metrics } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aChatRecord, aMessageRecord } from '@top-active/aws/test-support/records';
import { describe as suite, expect, it, vi } from 'vitest';
import { EngineError, type EngineMessage, type EngineSession, type FetchedRange } from '../engine/engine.ts';
import type { Claim } from './claim.ts';
import type { CommandContext } from './command-context.ts';
import { sendMessage } from './send-message.ts';

const to = '551187654321@c.us';
const command = { kind: 'message.send', chatId: 'chat', to, text: 'Oi', author: 'owner' } as const;

/** A session whose browser does with a text, or with a look into the chat, what the test says. */
function contextWith({
  sendText = () => Promise.reject(new Error('Nothing is to be sent')),
  fetchSince = () => Promise.resolve({ messages: [], isWhole: true }),
  claimedBefore,
  describe = () => Promise.resolve({}),
  take = () => Promise.resolve(true),
  pacing = () => Promise.resolve(),
}: {
  sendText?: () => Promise<never>;
  fetchSince?: () => Promise<FetchedRange>;
  claimedBefore?: Date;
  describe?: () => Promise<unknown>;
  take?: () => Promise<boolean>;
  pacing?: () => Promise<void>;
}): CommandContext {
  let isHeld = false;
  const claim: Claim = {
    before: claimedBefore,
    get isHeld() {
      return isHeld;
    },
    hasFailed: false,
    take: async () => (isHeld = await take()),
  };
  const engine = { sendText, fetchSince } as unknown as EngineSession;
  const chat = aChatRecord({ id: 'chat', waIds: [to], primaryWaId: to });
  return {
    record: { id: 'command' },
    claim,
    tenant: partOfTenant({ chats: { get: () => Promise.resolve(chat) } }),
    session: { engine },
    inbound: { inChatOrder: (_peer: string, task: () => unknown) => task(), describe },
    pacing,
  } as unknown as CommandContext;
}

const fails = (outcome: 'unready' | 'refused' | 'unsure') => () => Promise.reject(new EngineError(outcome, 'No'));

it('is begun anew elsewhere when the session ends before anything was asked of WhatsApp', async () => {
  expect(await sendMessage(command, contextWith({ sendText: fails('unready') }))).toEqual({ state: 'unsent' });
});

it('has failed when WhatsApp says no, and may have left when nobody knows', async () => {
  expect(await sendMessage(command, contextWith({ sendText: fails('refused') }))).toMatchObject({ state: 'FAILED' });
  expect(await sendMessage(command, contextWith({ sendText: fails('unsure') }))).toEqual({
    state: 'UNKNOWN',
    failure: 'unsure',
  });
});

it('stays open when the session ends while it is looked for, since it may have left before', async () => {
  const claimedBefore = new Date();
  expect(await sendMessage(command, contextWith({ claimedBefore, fetchSince: fails('unready') }))).toEqual({
    state: 'open',
  });
  expect(await sendMessage(command, contextWith({ claimedBefore }))).toMatchObject({ state: 'UNKNOWN' });
});

it('goes to nobody else when whom it was for has left the chat', async () => {
  const astray = { ...command, to: '128849273645182@lid' };
  expect(await sendMessage(astray, contextWith({}))).toEqual({ state: 'FAILED', failure: 'recipient_left' });
});

it('is claimed last, right before WhatsApp is asked: a host that dies while it types leaves nothing in doubt', async () => {
  const done: string[] = [];
  const context = contextWith({
    pacing: async () => void done.push('typed'),
    describe: async () => done.push('described'),
    take: async () => done.push('claimed') > 0,
    sendText: async () => {
      done.push('sent');
      throw new EngineError('refused', 'No');
    },
  });
  await sendMessage(command, context);
  expect(done).toEqual(['typed', 'described', 'claimed', 'sent']);
});

it('is not sent when somebody else has it by then', async () => {
  expect(await sendMessage(command, contextWith({ take: () => Promise.resolve(false) }))).toEqual({ state: 'taken' });
});

it('is in no doubt, and says so, when the page does not even answer who the customer is', async () => {
  const context = contextWith({ describe: fails('unsure') });
  await expect(sendMessage(command, context)).rejects.toThrow(EngineError);
  expect(context.claim.isHeld).toBe(false);
});

it('stays open when the session ends while it is looked for whether it has just left', async () => {
  const context = contextWith({ sendText: fails('unsure'), fetchSince: fails('unready') });
  expect(await sendMessage(command, context)).toEqual({ state: 'open' });
});

const contact = { waIds: [to], name: 'Ana', isGroup: false };

/** A message of the owner's in the chat, as WhatsApp tells of it. */
function foundAt(sentAt: number, more: Partial<EngineMessage> = {}): EngineMessage {
  const id = { peer: to, waId: `true_${to}_3EB0`, stanzaId: '3EB0', fromMe: true };
  return { ...id, kind: 'text', text: 'Oi', sentAt, delivery: 'sent', ...more };
}

/** A session that looks into a chat in which `messages` stand, and what was asked and stored on the way. */
function lookingInto(messages: EngineMessage[], { before = new Date('2030-01-01T12:00:00.500Z'), of = '' } = {}) {
  const asked: unknown[] = [];
  const engine = {
    fetchSince: (...args: unknown[]) => (asked.push(['look', ...args]), Promise.resolve({ messages, isWhole: true })),
  };
  const context = {
    ...contextWith({ claimedBefore: before }),
    tenant: partOfTenant({
      chats: { get: async () => aChatRecord({ id: 'chat', waIds: [to], primaryWaId: to }) },
      messages: {
        find: async (ref) => (asked.push(['find', ref]), of === '' ? undefined : aMessageRecord({ commandId: of })),
      },
    }),
    session: { engine },
    inbound: {
      inChatOrder: (peer: string, task: () => unknown) => (asked.push(['in order', peer]), task()),
      describe: async () => contact,
      store: async (...args: unknown[]) => (asked.push(['store', ...args]), { messageId: 'message' }),
    },
  } as unknown as CommandContext;
  return { context, asked };
}

suite('a send that was interrupted', () => {
  const since = 1_893_499_200 - 30;

  it('is found in its chat, and stored as what was ordered', async () => {
    const message = foundAt(since);
    const { context, asked } = lookingInto([message]);
    expect(await sendMessage(command, context)).toEqual({ state: 'SENT', messageId: 'message' });
    expect(asked).toEqual([
      ['look', to, { since, atLeast: 0, atMost: 200 }],
      ['find', { chatId: 'chat', stanzaId: '3EB0', direction: 'out' }],
      ['in order', to],
      ['store', message, { contact, sender: { commandId: 'command', author: 'owner' } }],
    ]);
  });

  it.each([
    ['is the customer’s', foundAt(since, { fromMe: false })],
    ['says something else', foundAt(since, { text: 'Olá' })],
    ['is older', foundAt(since - 1)],
  ])('is not one that %s', async (_which, message) => {
    const { context, asked } = lookingInto([message]);
    expect(await sendMessage(command, context)).toEqual({ state: 'UNKNOWN', failure: 'interrupted' });
    expect(asked).toHaveLength(1);
  });

  it('is not what another command has sent, but may be stored already as its own', async () => {
    const other = lookingInto([foundAt(since)], { of: 'another' });
    expect(await sendMessage(command, other.context)).toEqual({ state: 'UNKNOWN', failure: 'interrupted' });
    const own = lookingInto([foundAt(since)], { of: 'command' });
    expect(await sendMessage(command, own.context)).toEqual({ state: 'SENT', messageId: 'message' });
  });

  it('has left also where the store refuses what was found', async () => {
    const { context } = lookingInto([foundAt(since)]);
    Object.assign(context.inbound, { store: async () => undefined });
    expect(await sendMessage(command, context)).toEqual({ state: 'SENT' });
  });

  it('waits for a session, and says so when looking fails for any other reason', async () => {
    const claimedBefore = new Date();
    const without = { ...contextWith({ claimedBefore }), session: {} } as unknown as CommandContext;
    expect(await sendMessage(command, without)).toEqual({ state: 'open' });
    const unclaimed = { ...contextWith({}), session: {} } as unknown as CommandContext;
    expect(await sendMessage(command, unclaimed)).toEqual({ state: 'unsent' });
    const failing = contextWith({ claimedBefore, fetchSince: () => Promise.reject(new Error('A mistake')) });
    await expect(sendMessage(command, failing)).rejects.toThrow('A mistake');
    const refused = contextWith({ claimedBefore, fetchSince: fails('refused') });
    await expect(sendMessage(command, refused)).rejects.toThrow(EngineError);
  });
});

suite('a send', () => {
  /** One that goes out as told, and what it asked for. */
  function sending({
    sendText,
    isStored = true,
  }: { sendText?: () => Promise<EngineMessage>; isStored?: boolean } = {}) {
    const looked = lookingInto([]);
    const { context, asked } = looked;
    const message = foundAt(since);
    const engine = {
      ...context.session.engine,
      sendText: (...args: unknown[]) => (asked.push(['send', ...args]), (sendText ?? (async () => message))()),
    };
    const store = async (...args: unknown[]) => (
      asked.push(['store', ...args]),
      isStored ? { messageId: 'id' } : undefined
    );
    const parts = {
      claim: contextWith({}).claim,
      session: { engine },
      inbound: { ...context.inbound, store },
      pacing: async (...args: unknown[]) => void asked.push(['type', args[1], args[2]]),
    };
    return { context: { ...context, ...parts } as unknown as CommandContext, asked, message };
  }
  const since = 1_893_499_200;

  it('is typed, sent in its chat’s order, and stored as what was ordered', async () => {
    const { context, asked, message } = sending();
    expect(await sendMessage(command, context)).toEqual({ state: 'SENT', messageId: 'id' });
    expect(asked).toEqual([
      ['type', to, 'Oi'],
      ['in order', to],
      ['send', to, 'Oi'],
      ['store', message, { contact, sender: { commandId: 'command', author: 'owner' } }],
    ]);
  });

  it('has left also where the store refuses it', async () => {
    expect(await sendMessage(command, sending({ isStored: false }).context)).toEqual({ state: 'SENT' });
  });

  it('goes to the chat’s first id where none was named', async () => {
    const { context, asked } = sending();
    await sendMessage({ ...command, to: undefined }, context);
    expect(asked).toContainEqual(['send', to, 'Oi']);
  });

  it('fails without its chat', async () => {
    const { context } = sending();
    const chats = { get: async () => undefined };
    const gone = { ...context, tenant: partOfTenant({ chats }) };
    expect(await sendMessage(command, gone)).toEqual({ state: 'FAILED', failure: 'chat_not_found' });
  });

  it('says why WhatsApp refuses it, as far as that is known, and counts it', async () => {
    const counted = vi.spyOn(metrics, 'emit').mockReturnValue();
    const refused = (failure?: 'blocked_by_owner') =>
      sending({ sendText: () => Promise.reject(new EngineError('refused', 'No', failure && { failure })) });
    expect(await sendMessage(command, refused('blocked_by_owner').context)).toEqual({
      state: 'FAILED',
      failure: 'blocked_by_owner',
    });
    expect(await sendMessage(command, refused().context)).toEqual({ state: 'FAILED', failure: 'refused' });
    expect(counted.mock.calls).toEqual([['SendsRefused'], ['SendsRefused']]);
    counted.mockRestore();
  });

  it('is begun anew elsewhere when it was refused since the session has ended', async () => {
    const { context } = sending({
      sendText() {
        Object.assign(context.session, { engine: undefined });
        return Promise.reject(new EngineError('refused', 'No'));
      },
    });
    expect(await sendMessage(command, context)).toEqual({ state: 'unsent' });
  });

  it('is looked for by whoever has the session next, when the session has become another meanwhile', async () => {
    const { context } = sending({
      sendText() {
        Object.assign(context.session, { engine: {} });
        return Promise.reject(new EngineError('unsure', 'Too late'));
      },
    });
    expect(await sendMessage(command, context)).toEqual({ state: 'open' });
  });

  it('is looked for at once when nobody knows whether it left, in its place among the chat’s messages', async () => {
    const { context, asked } = sending({ sendText: () => Promise.reject(new EngineError('unsure', 'Too late')) });
    const found = foundAt(Math.floor(Date.now() / 1_000));
    Object.assign(context.session.engine as object, { fetchSince: async () => ({ messages: [found], isWhole: true }) });
    expect(await sendMessage(command, context)).toEqual({ state: 'SENT', messageId: 'id' });
    expect(asked.filter((one) => (one as string[])[0] === 'in order')).toHaveLength(1);
    expect(asked.at(-1)).toEqual(['store', found, expect.anything()]);
  });

  it('fails as a mistake of our own when it throws anything else', async () => {
    const { context } = sending({ sendText: () => Promise.reject(new Error('A mistake')) });
    await expect(sendMessage(command, context)).rejects.toThrow('A mistake');
  });
});
