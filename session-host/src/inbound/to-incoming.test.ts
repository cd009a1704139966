import { expect, it } from 'vitest';
import type { EngineMessage } from '../engine/engine.ts';
import { toIncoming } from './to-incoming.ts';

const facts = { waId: 'true_5511988887777@c.us_3EB0', stanzaId: '3EB0', kind: 'text', text: 'Oi', sentAt: 1 } as const;
const told: EngineMessage = { ...facts, delivery: 'sent', peer: '5511988887777@c.us', pushname: 'Ana', fromMe: true };
const sender = { commandId: 'command', author: 'assistant' } as const;

it('a message of the account is its sender’s, and the owner’s where it was written on the phone', () => {
  const expected = { ...facts, delivery: 'sent', direction: 'out' };
  expect(toIncoming(told, sender)).toEqual({ ...expected, author: 'assistant', commandId: 'command' });
  expect(toIncoming(told)).toEqual({ ...expected, author: 'owner', commandId: undefined });
});

it('a message of the chat is the customer’s', () => {
  expect(toIncoming({ ...told, fromMe: false })).toMatchObject({ direction: 'in', author: 'customer' });
});
