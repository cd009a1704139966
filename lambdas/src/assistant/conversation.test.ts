import type { MessageRecord } from '@top-active/aws';
import { describe, expect, it } from 'vitest';
import { conversationOf } from './conversation.ts';

const zone = 'America/Sao_Paulo';

function message(change: Partial<MessageRecord> = {}): MessageRecord {
  const sentAt = change.sentAt ?? '2026-11-24T12:00:00.000Z';
  const author = change.author ?? 'customer';
  return {
    id: `${Date.parse(sentAt)}-A1`,
    chatId: '01KB000000000000000000000A',
    author,
    kind: 'text',
    text: 'Oi',
    sentAt,
    storedAt: sentAt,
    delivery: 'delivered',
    edited: false,
    waId: 'wa',
    stanzaId: 'A1',
    direction: author === 'customer' ? 'in' : 'out',
    reconciled: false,
    ...change,
  };
}

describe('conversationOf', () => {
  it('makes the customer the user, and whoever answered the assistant', () => {
    const items = conversationOf(
      [message(), message({ author: 'owner', text: 'Olá!' }), message({ author: 'assistant', text: 'Até logo' })],
      zone,
    );
    expect(items.slice(1)).toEqual([
      { role: 'user', content: 'Oi' },
      { role: 'assistant', content: 'Olá!' },
      { role: 'assistant', content: 'Até logo' },
    ]);
  });

  it("names each day on the owner's calendar, so that an old tomorrow is understood", () => {
    const items = conversationOf([message({ sentAt: '2026-11-24T01:00:00.000Z' }), message(), message()], zone);
    expect(items.map((item) => ('content' in item ? item.content : undefined))).toEqual([
      'Messages of Monday, 2026-11-23:',
      'Oi',
      'Messages of Tuesday, 2026-11-24:',
      'Oi',
      'Oi',
    ]);
  });

  it('leaves out what was revoked and names media without text', () => {
    const items = conversationOf([message({ kind: 'revoked', text: '' }), message({ kind: 'audio', text: '' })], zone);
    expect(items.slice(1)).toEqual([{ role: 'user', content: '[audio without text]' }]);
  });

  it('keeps the newest messages within bounds of number and length', () => {
    const many = Array.from({ length: 60 }, (_, i) => message({ text: `n${i}` }));
    const items = conversationOf(many, zone);
    expect(items).toHaveLength(41);
    expect(items.at(-1)).toEqual({ role: 'user', content: 'n59' });
    const long = conversationOf(
      Array.from({ length: 20 }, () => message({ text: 'x'.repeat(60_000) })),
      zone,
    );
    expect(JSON.stringify(long).length).toBeLessThan(18_000);
    expect(long.length).toBeGreaterThan(5);
  });
});
