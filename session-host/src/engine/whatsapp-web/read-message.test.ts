import WhatsAppWeb from 'whatsapp-web.js';
import type { Client, Message } from 'whatsapp-web.js';
import { describe, expect, it } from 'vitest';
import { readDelivery, readMessage } from './read-message.ts';

/** The library's types leave its classes out. */
const library: typeof WhatsAppWeb & { Message?: new (client: Client, data: object) => Message } = WhatsAppWeb;

/** A message as the library makes it from the page's data. */
function makeMessage(data: Record<string, unknown>): Message {
  if (!library.Message) throw new Error('The library has no class Message');
  const id = { fromMe: false, remote: '5511988887777@c.us', id: '3A01', _serialized: 'false_5511988887777@c.us_3A01' };
  return new library.Message(new WhatsAppWeb.Client({}), { id, type: 'chat', body: 'Oi', t: 1_700_000_000, ...data });
}

describe('reading a message of the library', () => {
  it('takes over what matters', () => {
    expect(readMessage(makeMessage({ notifyName: 'Ana' }))).toEqual({
      peer: '5511988887777@c.us',
      waId: 'false_5511988887777@c.us_3A01',
      stanzaId: '3A01',
      fromMe: false,
      kind: 'text',
      text: 'Oi',
      sentAt: 1_700_000_000,
      delivery: 'delivered',
      pushname: 'Ana',
    });
  });

  it('takes the caption of media, not the thumbnail', () => {
    const message = makeMessage({ type: 'image', directPath: '/x', body: '/9j/4AAQSkZJRg', caption: 'meu exame' });
    expect(readMessage(message)).toMatchObject({ kind: 'image', text: 'meu exame' });
    expect(readMessage(makeMessage({ type: 'location', body: '/9j/4AAQSkZJRg' }))).toMatchObject({
      kind: 'location',
      text: '',
    });
  });

  it('takes of words and names no more than the store can hold, and nothing that is no Unicode', () => {
    const read = readMessage(makeMessage({ body: `\ud800${'é'.repeat(500_000)}`, notifyName: 'A'.repeat(5_000) }));
    expect(read?.text).toBe(`\ufffd${'é'.repeat(65_535)}`);
    expect(read?.pushname).toHaveLength(200);
    expect(readMessage(makeMessage({ body: `${'x'.repeat(65_535)}😀` }))?.text.at(-1)).toBe('\ufffd');
  });

  it.each(['e2e_notification', 'gp2', 'ciphertext', 'protocol'])('leaves out %s', (type) => {
    expect(readMessage(makeMessage({ type }))).toBeUndefined();
  });

  it('leaves out status and channels', () => {
    for (const remote of ['status@broadcast', '120363000000000000@newsletter', '5511@broadcast']) {
      const id = { fromMe: false, remote, id: '3A01', _serialized: `false_${remote}_3A01` };
      expect(readMessage(makeMessage({ id }))).toBeUndefined();
    }
  });

  it('reads ticks', () => {
    expect([-1, 0, 1, 2, 3, 4].map(readDelivery)).toEqual(['failed', 'pending', 'sent', 'delivered', 'read', 'read']);
  });
});
