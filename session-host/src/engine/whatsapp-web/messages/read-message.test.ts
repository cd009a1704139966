import { describe, expect, it } from 'vitest';
import type { EngineMessage } from '../../engine.ts';
import { readDelivery } from './read-delivery.ts';
import { readMessage } from './read-message.ts';

const peer = '5511988887777@c.us';
const key = { fromMe: false, remote: peer, id: '3A01', _serialized: `false_${peer}_3A01` };
const arrivedAt = 1_800_000_000;

function read(data: Record<string, unknown>) {
  return readMessage({ id: key, type: 'chat', body: 'Oi', t: 1_700_000_000, ...data }, { arrivedAt });
}

function message(data: Record<string, unknown>): EngineMessage {
  const outcome = read(data);
  if (outcome.kind !== 'message') throw new Error(`It is ${outcome.kind}`);
  return outcome.message;
}

describe('reading a message of the page', () => {
  it('takes over what matters', () => {
    expect(message({ notifyName: 'Ana' })).toEqual({
      peer,
      waId: `false_${peer}_3A01`,
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
    const picture = { type: 'image', directPath: '/x', body: '/9j/4AAQSkZJRg', caption: 'meu exame' };
    expect(message(picture)).toMatchObject({ kind: 'image', text: 'meu exame' });
    expect(message({ type: 'location', body: '/9j/4AAQSkZJRg' })).toMatchObject({ kind: 'location', text: '' });
  });

  it('takes of words and names no more than the store can hold, and nothing that is no Unicode', () => {
    const { text, pushname } = message({ body: `\ud800${'é'.repeat(500_000)}`, notifyName: 'A'.repeat(5_000) });
    expect(text).toBe(`\ufffd${'é'.repeat(65_535)}`);
    expect(pushname).toHaveLength(200);
    expect(message({ body: `${'x'.repeat(65_535)}😀` }).text.at(-1)).toBe('\ufffd');
  });

  it.each(['e2e_notification', 'gp2', 'protocol', 'poll_add_option_encrypted', 'status'])('leaves out %s', (type) => {
    expect(read({ type })).toEqual({ kind: 'ignored', type });
  });

  it('leaves out status, channels and lists of recipients, and nothing else that was sent to many', () => {
    for (const remote of ['status@broadcast', '120363000000000000@newsletter', '5511@broadcast'])
      expect(read({ id: { ...key, remote, _serialized: `false_${remote}_3A01` } })).toMatchObject({ kind: 'ignored' });
    expect(read({ isStatusV3: true })).toMatchObject({ kind: 'ignored' });
    expect(message({ broadcast: true })).toMatchObject({ peer, text: 'Oi' });
  });

  it('reads ticks, and takes a failed edit for no failed message', () => {
    expect([-1, 0, 1, 2, 3, 4].map(readDelivery)).toEqual(['failed', 'pending', 'sent', 'delivered', 'read', 'read']);
    const own = { id: { ...key, fromMe: true }, isSendFailure: true };
    expect(message({ ...own, ack: 0 }).delivery).toBe('failed');
    expect(message({ ...own, ack: 2 }).delivery).toBe('delivered');
  });
});

describe('the id of a message', () => {
  const parts = { fromMe: false, remote: peer, id: '3A01' };

  it.each([
    ['under its usual name', key],
    ['under another name', { ...parts, $1: `false_${peer}_3A01` }],
    ['in no property at all', parts],
    ['with a chat that is an object', { ...parts, remote: { server: 'c.us', user: '5511988887777' } }],
    ['with a chat that is an object and says itself', { ...parts, remote: { _serialized: peer } }],
    ['as a text', `false_${peer}_3A01`],
  ])('is read %s', (_, id) => {
    expect(message({ id })).toMatchObject({ peer, stanzaId: '3A01', fromMe: false, waId: `false_${peer}_3A01` });
  });

  it('is made from its parts with the direction in the chat with oneself, and with the author in groups', () => {
    const own = { ...parts, fromMe: true };
    expect(message({ id: { ...own, self: 'out' } }).waId).toBe(`true_${peer}_3A01_out`);
    const group = { ...parts, remote: '120363@g.us', participant: { server: 'lid', user: '99887766554433' } };
    expect(message({ id: group }).waId).toBe('false_120363@g.us_3A01_99887766554433@lid');
    expect(message({ id: { fromMe: true, id: '3A01', z: `true_${peer}_3A01_in` } }).waId).toBe(`true_${peer}_3A01_in`);
  });

  it('takes the chat from the addresses when the key has none that can be read', () => {
    expect(message({ id: { fromMe: false, id: '3A01' }, from: peer, to: '5511900000000@c.us' }).peer).toBe(peer);
    expect(message({ id: { fromMe: true, id: '3A01' }, from: '5511900000000@c.us', to: peer }).peer).toBe(peer);
  });

  it('is told to be unreadable, without what it holds, when chat, stanza id or direction are missing', () => {
    expect(read({ id: { ...parts, remote: undefined } })).toMatchObject({ kind: 'unreadable' });
    expect(read({ id: { secret: '5511988887777', fromMe: false } })).toEqual({
      kind: 'unreadable',
      why: 'its id is { secret, fromMe }',
    });
    expect(read({ id: { remote: peer, id: '3A01' } })).toMatchObject({ kind: 'unreadable' });
    expect(readMessage('Oi')).toMatchObject({ kind: 'unreadable' });
  });
});

describe('the time of a message', () => {
  it.each([
    [1_700_000_000.7, 1_700_000_000],
    [undefined, arrivedAt],
    [Number.NaN, arrivedAt],
    [-5, arrivedAt],
    [9e15, arrivedAt],
    ['1700000000', arrivedAt],
    [arrivedAt + 3_600, arrivedAt + 3_600],
  ])('of sending is a whole second, or that of arrival: %s', (t, sentAt) => {
    expect(message({ t }).sentAt).toBe(sentAt);
  });

  it('of arrival is what the page has noted, where it has', () => {
    expect(message({ t: undefined, clientReceivedTsMillis: 1_750_000_000_250 }).sentAt).toBe(1_750_000_000);
  });
});

describe('what a person sent in a type that the app can not show', () => {
  it.each([
    ['unknown', { type: 'unknown' }, { reason: 'unknown_type', type: 'unknown' }],
    ['of next year', { type: 'hologram', body: 'x' }, { reason: 'unknown_type', type: 'hologram' }],
    ['of no type', { type: undefined }, { reason: 'unknown_type', type: 'unknown' }],
    ['album', { type: 'album' }, { reason: 'unknown_type', type: 'album' }],
    ['not decrypted', { type: 'ciphertext' }, { reason: 'not_decrypted', type: 'ciphertext' }],
    [
      'view once',
      { type: 'ciphertext', subtype: 'view_once_unavailable_fanout' },
      { reason: 'view_once', type: 'ciphertext' },
    ],
  ])('is a message all the same: %s', (_, data, onPhone) => {
    expect(message({ body: undefined, ...data })).toMatchObject({ kind: 'other', text: '', content: { onPhone } });
  });

  it.each([
    ['interactive', { body: 'Seu Pix' }, 'Seu Pix'],
    ['interactive', { interactiveHeader: { title: 'Catálogo' } }, 'Catálogo'],
    ['hsm', { body: 'Sua consulta é amanhã' }, 'Sua consulta é amanhã'],
    ['list', { list: { title: 'Horários' } }, 'Horários'],
    ['list_response', { listResponse: { title: 'Terça' } }, 'Terça'],
    ['buttons_response', { body: 'Confirmo' }, 'Confirmo'],
    ['quarantined', { quarantineExtractedText: 'Oi' }, 'Oi'],
  ])('has the words of %s', (type, data, text) => {
    const found = message({ body: undefined, type, ...data });
    expect(found).toMatchObject({ kind: 'text', text });
    expect(found.content).toBeUndefined();
  });

  it.each([
    ['payment', { paymentNoteMsg: { body: 'sinal' } }, 'sinal'],
    ['event_creation', { eventName: 'Mutirão' }, 'Mutirão'],
    ['order', { message: 'Quero estes' }, 'Quero estes'],
  ])('has what words there are of %s, and says that the rest is on the phone', (type, data, text) => {
    expect(message({ body: undefined, type, ...data })).toMatchObject({
      kind: 'other',
      text,
      content: { onPhone: { reason: 'unknown_type', type } },
    });
  });
});

describe('a deleted message', () => {
  const deleted = { type: 'revoked', body: '', id: { ...key, id: '3A99', _serialized: `false_${peer}_3A99` } };

  it('names the one that it was', () => {
    const named = { ...key, remote: { server: 'c.us', user: '5511988887777' } };
    expect(message({ ...deleted, protocolMessageKey: named })).toMatchObject({
      kind: 'revoked',
      replaces: '3A01',
      text: '',
    });
    expect(message({ ...deleted, protocolMessageKey: { fromMe: false, id: '3A01' } }).replaces).toBe('3A01');
  });

  it('replaces nothing when it kept its id', () => {
    expect(
      message({ ...deleted, protocolMessageKey: { ...key, id: '3A99', _serialized: undefined } }).replaces,
    ).toBeUndefined();
    expect(message(deleted).replaces).toBeUndefined();
  });
});
