import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PollVote } from 'whatsapp-web.js';
import { noticeTypes, personTypes } from './message-types.ts';
import type { WhatsAppWorld } from './server.ts';
import type { LaunchedClient } from './test-support/launch-client.ts';
import { customer, customerId, linkOwner, other, owner, soon, type LinkedOwner } from './test-support/linked-owner.ts';
import { pageMessage, type PageMessage } from './test-support/page-messages.ts';

let linked: LinkedOwner;
let world: WhatsAppWorld;
let session: LaunchedClient;
beforeAll(async () => {
  linked = await linkOwner();
  ({ world, session } = linked);
}, 120_000);
afterAll(() => linked.close());

type Content = Omit<Parameters<WhatsAppWorld['send']>[0], 'from' | 'to'>;

/** The customer sends it; resolves with what the owner's page has of it. */
function receive(content: Content): Promise<PageMessage> {
  const { id } = world.send({ from: customer, to: owner, ...content });
  return onPage(id);
}

function onPage(id: string, type?: string): Promise<PageMessage> {
  return vi.waitFor(async () => {
    const message = await pageMessage(session.client, id);
    if (message === undefined || (type !== undefined && message.type !== type)) throw new Error(`${id} is not there`);
    return message;
  }, soon);
}

const picture = { mimetype: 'image/png', data: 'iVBORw0KGgo=', filename: 'raio-x.png' };

describe('what a phone can send reaches the page with WhatsApp’s own types and attributes', () => {
  it.each([...personTypes, ...noticeTypes])('$type', async ({ type, text = '', attributes = {} }) => {
    expect(await receive({ type, text, attributes })).toMatchObject({ type, body: text, ...attributes });
  });

  it('types that nobody has seen yet', async () => {
    expect(await receive({ type: 'hologram', attributes: { depth: { mm: 12 }, ring: [1, 2] } })).toMatchObject({
      type: 'hologram',
      depth: { mm: 12 },
      ring: [1, 2],
    });
  });

  it('a round video, and what is known of a file', async () => {
    const media = { mimetype: 'video/mp4', data: 'AAAA', round: true, seconds: 7.4 };
    expect(await receive({ media })).toMatchObject({ type: 'ptv', mimetype: 'video/mp4', duration: '7', size: 3 });
    const document = { mimetype: 'application/pdf', data: 'JVBERi0=', filename: 'laudo.pdf', caption: 'Segue' };
    expect(await receive({ media: document })).toMatchObject({
      type: 'document',
      filename: 'laudo.pdf',
      caption: 'Segue',
      size: 5,
    });
  });

  it('an album: its wrapper, and pictures that name it', async () => {
    const wrapper = await receive({ album: [picture, { ...picture, caption: 'de lado' }] });
    expect(wrapper).toMatchObject({ type: 'album', expectedImageCount: 2, expectedVideoCount: 0 });
    const members = world
      .messages({ phone: owner, peer: customer })
      .filter(({ type }) => type === 'image')
      .slice(-2);
    for (const { id } of members) {
      const member = await onPage(id);
      expect(member).toMatchObject({ type: 'image', associationType: 'MEDIA_ALBUM' });
      expect(JSON.stringify(member.parentMsgKey)).toContain(wrapper.key);
    }
    expect(members.map(({ text }) => text)).toEqual(['', 'de lado']);
  });

  it('a place', async () => {
    const place = {
      latitude: -23.55,
      longitude: -46.63,
      name: 'Praça da Sé',
      address: 'Centro, São Paulo',
      live: true,
    };
    const message = await receive({ place });
    expect(message).toMatchObject({ type: 'location', lat: -23.55, lng: -46.63, isLive: true });
    expect(message.loc).toBe('Praça da Sé\nCentro, São Paulo');
    expect(message.body).toMatch(/^\/9j\//);
  });

  it('one contact card, and several', async () => {
    const ana = { name: 'Ana Dias', phones: ['+55 11 98888-7777'] };
    expect(await receive({ contacts: [ana] })).toMatchObject({
      type: 'vcard',
      vcardFormattedName: 'Ana Dias',
      body: expect.stringContaining('waid=5511988887777'),
    });
    expect(await receive({ contacts: [ana, { name: 'Bia', phones: [] }] })).toMatchObject({
      type: 'multi_vcard',
      vcardList: [{ displayName: 'Ana Dias', vcard: expect.stringContaining('FN:Ana Dias') }, { displayName: 'Bia' }],
    });
  });

  it('a missed call', async () => {
    expect(await receive({ call: { outcome: 'Missed', video: true } })).toMatchObject({
      type: 'call_log',
      callOutcome: 'Missed',
      isVideoCall: true,
    });
  });

  it('a message of the sender’s broadcast list lies in the chat with the person', async () => {
    const message = await receive({ text: 'Promoção', broadcast: true });
    expect(message).toMatchObject({ type: 'chat', body: 'Promoção', broadcast: true });
    expect(message.key).toContain(`false_${customerId}_`);
  });

  it('a time that is no whole second, or none', async () => {
    expect(await receive({ text: 'meio', attributes: { t: 1_790_000_000.5 } })).toMatchObject({ t: 1_790_000_000.5 });
    expect(await receive({ text: 'sem hora', attributes: { t: null } })).not.toHaveProperty('t');
  });

  it('history is loaded past a message without a time', async () => {
    world.send({ from: other, to: owner, text: 'sem hora', attributes: { t: null } });
    await linked.next('sem hora');
    const chat = await session.client.getChatById(`${other}@c.us`);
    expect(await chat.fetchMessages({ limit: 120 })).toHaveLength(120);
  });

  it('one word of 60,000 letters', async () => {
    const word = 'a'.repeat(60_000);
    expect(await receive({ text: word })).toMatchObject({ type: 'chat', body: word });
  });

  it('an answer carries what it quotes, a place as a place', async () => {
    const { id } = world.send({ from: owner, to: customer, place: { latitude: 1.5, longitude: 2.5, name: 'Aqui' } });
    const answer = await receive({ text: 'Perto de mim', quoted: id });
    expect(answer).toMatchObject({ quotedStanzaID: id, quotedMsg: { type: 'location', lat: 1.5, lng: 2.5 } });
    const file = world.send({ from: owner, to: customer, media: { ...picture, caption: 'o exame' } });
    expect(await receive({ text: 'vi', quoted: file.id })).toMatchObject({
      quotedMsg: { type: 'image', caption: 'o exame', mimetype: 'image/png', filename: 'raio-x.png' },
    });
  });

  it('a list answer without the part that the library takes for granted', async () => {
    expect(
      await receive({ type: 'list_response', text: 'Limpeza', attributes: { listResponse: { title: 'Limpeza' } } }),
    ).toMatchObject({
      type: 'list_response',
      listResponse: { title: 'Limpeza' },
    });
  });

  it('nobody says which id a message has', () => {
    expect(() => world.send({ from: customer, to: owner, text: 'oi', attributes: { id: 'X' } })).toThrow("world's own");
  });
});

describe('what a linked device can’t decrypt', () => {
  it('is a placeholder until it turns into the message, which the library announces then', async () => {
    const sent = world.send({ from: customer, to: owner, media: { ...picture, caption: 'decifrada' }, sealed: '' });
    expect(await onPage(sent.id)).toMatchObject({ type: 'ciphertext', body: '' });
    expect(session.messages.some((message) => message.id.id === sent.id)).toBe(false);
    world.unseal({ phone: owner, peer: customer, id: sent.id });
    const message = await linked.next('decifrada');
    expect(message).toMatchObject({ type: 'image', hasMedia: true });
    expect((await message.downloadMedia()).data).toBe(picture.data);
  });

  it('stays one for ever where it is to be looked at once', async () => {
    expect(await receive({ media: { ...picture, viewOnce: 'placeholder' } })).toMatchObject({
      type: 'ciphertext',
      subtype: 'view_once_unavailable_fanout',
    });
    expect(await receive({ media: { ...picture, viewOnce: 'media' } })).toMatchObject({
      type: 'image',
      isViewOnce: true,
    });
  });

  it('is readable on the sender’s own devices', async () => {
    const sent = world.send({ from: owner, to: customer, text: 'só para mim', sealed: '' });
    expect(await onPage(sent.id)).toMatchObject({ type: 'chat', body: 'só para mim' });
  });
});

describe('polls', () => {
  it('reach the page with their options, and each vote the library', async () => {
    const votes: PollVote[] = [];
    session.client.on('vote_update', (vote) => votes.push(vote));
    const poll = { question: 'Que dia?', options: ['Terça', 'Quarta', 'Quinta'], multiple: true };
    const message = world.send({ from: owner, to: customer, poll });
    expect(await onPage(message.id)).toMatchObject({
      type: 'poll_creation',
      pollName: 'Que dia?',
      pollOptions: [
        { name: 'Terça', localId: 0 },
        { name: 'Quarta', localId: 1 },
        { name: 'Quinta', localId: 2 },
      ],
      pollSelectableOptionsCount: 0,
    });
    world.vote({ phone: customer, peer: owner, id: message.id, options: ['Terça', 'Quinta'] });
    await vi.waitFor(() => expect(votes).toHaveLength(1), soon);
    expect(votes[0]).toMatchObject({ selectedOptions: [{ name: 'Terça' }, { name: 'Quinta' }] });

    world.vote({ phone: customer, peer: owner, id: message.id, options: ['Quarta'] });
    await vi.waitFor(() => expect(votes).toHaveLength(2), soon);
    const [stored, ...more] = await session.client.getPollVotes((await onPage(message.id)).key);
    expect(more).toEqual([]);
    expect(stored).toMatchObject({ voter: customerId, selectedOptions: [{ name: 'Quarta' }] });
    world.vote({ phone: customer, peer: owner, id: message.id, options: [] });
    await vi.waitFor(() => expect(votes.at(-1)?.selectedOptions).toEqual([]), soon);
  });

  it('are voted on from the device', async () => {
    const { id } = world.send({ from: customer, to: owner, poll: { question: 'Vem?', options: ['Sim', 'Não'] } });
    const { key } = await onPage(id);
    await (await session.client.getMessageById(key)).vote(['Sim']);
    await vi.waitFor(
      () =>
        expect(world.messages({ phone: customer, peer: owner }).find((message) => message.id === id)).toMatchObject({
          votes: [{ author: owner, options: ['Sim'] }],
        }),
      soon,
    );
  });
});

describe('a group', () => {
  it('tells who wrote: id, name and number', async () => {
    const room = world.createRoom({ kind: 'group', name: 'Família', owner, members: [customer, other] });
    const sent = world.send({ from: other, to: room.id, text: 'cheguei' });
    const message = await onPage(sent.id);
    expect(message).toMatchObject({ author: `${other}@c.us`, notifyName: 'Carla' });
    expect(message.key).toBe(`false_${room.id}_${sent.id}_${other}@c.us`);
  });
});
