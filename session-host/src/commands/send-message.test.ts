import type { Tenant } from '@top-active/aws';
import { expect, it } from 'vitest';
import { EngineError, type EngineSession, type FetchedRange } from '../engine/engine.ts';
import type { Claim } from './claim.ts';
import type { CommandContext } from './handlers.ts';
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
  const chat = { id: 'chat', waIds: [to], primaryWaId: to };
  return {
    record: { id: 'command' },
    claim,
    tenant: { chats: { get: () => Promise.resolve(chat) } } as unknown as Tenant,
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
  expect(await sendMessage(command, contextWith({ sendText: fails('unsure') }))).toMatchObject({ state: 'UNKNOWN' });
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

it('has failed, and is in no doubt, when the page does not even answer who the customer is', async () => {
  const outcome = await sendMessage(command, contextWith({ describe: fails('unsure') }));
  expect(outcome).toEqual({ state: 'FAILED', failure: 'engine_error' });
});
