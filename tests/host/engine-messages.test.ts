import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '@top-active/session-host/engine';
import type { PageChanges } from '@top-active/world/whatsapp';
import { noticeTypes, personTypes } from '@top-active/world/whatsapp/message-types';
import { startEngineFixture, type EngineFixture, type WatchedSession } from '../support/engine-fixture.ts';
import { ana, owner } from '../support/session-host-fixture.ts';

/** What the engine tells of messages, live and when it fetches them: docs/message-types.md. */

type Message = Extract<EngineEvent, { type: 'message' }>['message'];
type Content = Omit<Parameters<EngineFixture['world']['send']>[0], 'from' | 'to'>;

const anaId = `${ana}@c.us`;
const bia = '5511966665555';
const soon = { timeout: 10_000, interval: 20 };
const picture = { mimetype: 'image/png', data: 'iVBORw0KGgo=', filename: 'raio-x.png' };

const pages: PageChanges[] = [{ build: '2026-04' }, { build: '2026-07' }, { build: '2026-09' }];

describe.each(pages)('on page %o', (page) => {
  let fixture: EngineFixture;
  let linked: WatchedSession;
  beforeAll(async () => {
    fixture = await startEngineFixture({ page });
    fixture.world.addPhone({ number: bia, name: 'Bia' });
    linked = await fixture.link(await fixture.newHome());
    // A page that has just been linked may be loaded once more; what comes meanwhile is fetched, not told.
    await vi.waitFor(() => told(fixture.world.send({ from: ana, to: owner, text: 'início' }).id, { timeout: 2_000 }), {
      timeout: 30_000,
    });
  }, 60_000);
  afterAll(() => fixture.close());

  /** The newest that was told of this message. */
  function told(
    stanzaId: string,
    {
      matches = () => true,
      timeout = soon.timeout,
    }: { matches?: (message: Message) => boolean; timeout?: number } = {},
  ): Promise<Message> {
    return vi.waitFor(
      () => {
        const message = linked.events
          .flatMap((event) => (event.type === 'message' && event.message.stanzaId === stanzaId ? [event.message] : []))
          .findLast(matches);
        if (!message) throw new Error(`${stanzaId} was not told`);
        return message;
      },
      { ...soon, timeout },
    );
  }

  /** The customer sends it: as it is told at once, which must be as it is fetched later. */
  async function receive(content: Content): Promise<Message> {
    const { id } = fixture.world.send({ from: ana, to: owner, ...content });
    const message = await told(id);
    expect(await fetched(id)).toMatchObject({ kind: message.kind, text: message.text });
    return message;
  }

  async function fetched(stanzaId: string, peer = anaId): Promise<Message | undefined> {
    const { messages } = await linked.session.fetchSince(peer, { since: 0, atLeast: 20, atMost: 1_000 });
    return messages.find((message) => message.stanzaId === stanzaId);
  }

  function eventsOf<T extends EngineEvent['type']>(type: T, stanzaId: string): Extract<EngineEvent, { type: T }>[] {
    return linked.events.filter(
      (event): event is Extract<EngineEvent, { type: T }> =>
        event.type === type && 'stanzaId' in event && event.stanzaId === stanzaId,
    );
  }

  it('tells of every type that a person can send, and of no notice', async () => {
    const send = ({ type, text = '', attributes = {} }: (typeof personTypes)[number]) =>
      fixture.world.send({ from: ana, to: owner, type, text, attributes }).id;
    const sent = personTypes.map((example) => ({ type: example.type, id: send(example) }));
    const notices = noticeTypes.map(send);
    const last = send({ type: 'chat', text: 'fim' });
    await told(last);
    const live = new Set(linked.events.map((event) => (event.type === 'message' ? event.message.stanzaId : '')));
    expect(sent.filter(({ id }) => !live.has(id))).toEqual([]);
    expect(notices.filter((id) => live.has(id))).toEqual([]);
    const { messages } = await linked.session.fetchSince(anaId, { since: 0, atLeast: 200, atMost: 1_000 });
    const ids = new Set(messages.map(({ stanzaId }) => stanzaId));
    expect(sent.filter(({ id }) => !ids.has(id))).toEqual([]);
    expect(notices.filter((id) => ids.has(id))).toEqual([]);
  });

  it('tells of a type that nobody has seen yet', async () => {
    expect(await receive({ type: 'hologram', attributes: { depth: { mm: 12 } } })).toMatchObject({
      kind: 'other',
      content: { onPhone: { reason: 'unknown_type', type: 'hologram' } },
    });
  });

  it('message-details: tells of an answer to a list without the part that the library takes for granted, and of what follows', async () => {
    const attributes = { listResponse: { title: 'Limpeza' } };
    expect(await receive({ type: 'list_response', text: 'Limpeza', attributes })).toMatchObject({ text: 'Limpeza' });
    expect(await receive({ text: 'Boa tarde' })).toMatchObject({ kind: 'text', text: 'Boa tarde' });
  });

  it('tells what a message is', async () => {
    const place = { latitude: -23.55, longitude: -46.63, name: 'Praça da Sé', address: 'Centro', live: true };
    expect((await receive({ place })).content).toEqual({ place });
    const contacts = [
      { name: 'Carla', phones: ['+55 11 97777-1234'] },
      { name: 'Davi', phones: [] },
    ];
    expect(await receive({ contacts })).toMatchObject({ kind: 'contact', content: { contacts } });
    expect(await receive({ media: { mimetype: 'video/mp4', data: 'AAAA', round: true, seconds: 7 } })).toMatchObject({
      kind: 'video_note',
      content: { file: { mimeType: 'video/mp4', bytes: 3, seconds: 7 } },
    });
    expect(await receive({ call: { outcome: 'Missed', video: true } })).toMatchObject({
      kind: 'call',
      content: { call: { missed: true, video: true } },
    });
    expect(await receive({ media: { ...picture, viewOnce: 'placeholder' } })).toMatchObject({
      kind: 'other',
      content: { viewOnce: true, onPhone: { reason: 'view_once' } },
    });
    expect(await receive({ media: { ...picture, viewOnce: 'media' } })).toMatchObject({
      kind: 'image',
      content: { viewOnce: true, file: { name: 'raio-x.png' } },
    });
    expect(await receive({ album: [picture, picture] })).toMatchObject({ kind: 'other' });
    expect(await receive({ text: 'Promoção', broadcast: true })).toMatchObject({ peer: anaId, text: 'Promoção' });
  });

  it('tells a time in whole seconds, be it that of arrival', async () => {
    expect(await receive({ text: 'meio', attributes: { t: 1_790_000_000.5 } })).toMatchObject({
      sentAt: 1_790_000_000,
    });
    const { sentAt } = await receive({ text: 'sem hora', attributes: { t: null } });
    expect(Math.abs(sentAt - Date.now() / 1000)).toBeLessThan(60);
  });

  it('tells of what is not decrypted, and again once it is', async () => {
    const { id } = fixture.world.send({
      from: ana,
      to: owner,
      media: { ...picture, caption: 'decifrada' },
      sealed: '',
    });
    expect(await told(id)).toMatchObject({ kind: 'other', content: { onPhone: { reason: 'not_decrypted' } } });
    fixture.world.unseal({ phone: owner, peer: ana, id });
    const read = await told(id, { matches: ({ kind }) => kind !== 'other' });
    expect(read).toMatchObject({ kind: 'image', text: 'decifrada' });
    expect(read.content?.onPhone).toBeUndefined();
  });

  it('tells which message is answered, and by whom it was written', async () => {
    const { id } = fixture.world.send({ from: owner, to: ana, text: 'Terça às 14h, confirma?' });
    const quoted = { stanzaId: id, author: 'owner', kind: 'text', text: 'Terça às 14h, confirma?' };
    expect((await receive({ text: 'Confirmo', quoted: id })).content).toEqual({ quoted });
    const own = fixture.world.send({ from: ana, to: owner, text: 'Ou quarta' });
    expect((await receive({ text: 'melhor', quoted: own.id })).content?.quoted).toMatchObject({ author: 'customer' });
  });

  it('tells of reactions both ways, also when they are taken back, and when it fetches', async () => {
    const { id } = fixture.world.send({ from: owner, to: ana, text: 'Terça às 14h?' });
    await told(id);
    expect((await fetched(id))?.content?.reactions).toEqual([]);
    fixture.world.react({ phone: ana, peer: owner, id, emoji: '👍' });
    await expect.poll(() => eventsOf('reaction', id), soon).toHaveLength(1);
    expect(eventsOf('reaction', id)[0]).toMatchObject({
      peer: anaId,
      fromMe: true,
      reaction: { author: 'customer', senderId: anaId, emoji: '👍' },
    });
    fixture.world.react({ phone: owner, peer: ana, id, emoji: '❤️' });
    await expect.poll(() => eventsOf('reaction', id), soon).toHaveLength(2);
    expect(eventsOf('reaction', id)[1]).toMatchObject({ reaction: { author: 'owner', emoji: '❤️' } });
    await expect
      .poll(async () => (await fetched(id))?.content?.reactions, soon)
      .toMatchObject([
        { author: 'customer', emoji: '👍' },
        { author: 'owner', emoji: '❤️' },
      ]);
    fixture.world.react({ phone: ana, peer: owner, id, emoji: '' });
    await expect.poll(() => eventsOf('reaction', id).at(-1)?.reaction, soon).toMatchObject({ emoji: '' });
    await expect.poll(async () => (await fetched(id))?.content?.reactions, soon).toMatchObject([{ author: 'owner' }]);
  });

  it('tells of a poll with its votes, live and when it fetches', async () => {
    const poll = { question: 'Que dia?', options: ['Terça', 'Quarta'], multiple: true };
    const { id } = fixture.world.send({ from: owner, to: ana, poll });
    const options = (first: number, second: number) => [
      { text: 'Terça', votes: first },
      { text: 'Quarta', votes: second },
    ];
    expect(await told(id)).toMatchObject({
      kind: 'poll',
      text: 'Que dia?',
      content: { poll: { options: options(0, 0), multiple: true } },
    });
    fixture.world.vote({ phone: ana, peer: owner, id, options: ['Terça', 'Quarta'] });
    await expect.poll(() => eventsOf('poll', id).at(-1)?.poll.options, soon).toEqual(options(1, 1));
    fixture.world.vote({ phone: ana, peer: owner, id, options: ['Quarta'] });
    await expect.poll(() => eventsOf('poll', id).at(-1)?.poll.options, soon).toEqual(options(0, 1));
    expect((await fetched(id))?.content?.poll?.options).toEqual(options(0, 1));
  });

  it('message-details: tells who wrote in a group: id, name and number', async () => {
    fixture.world.saveContact(owner, { number: bia, name: 'Bia da portaria' });
    const room = fixture.world.createRoom({ kind: 'group', name: 'Família', owner, members: [ana, bia] });
    const first = fixture.world.send({ from: bia, to: room.id, text: 'cheguei' });
    const second = fixture.world.send({ from: ana, to: room.id, text: 'eu também' });
    const sender = { id: `${bia}@c.us`, name: 'Bia da portaria', phone: bia };
    expect(await told(first.id)).toMatchObject({ peer: room.id, content: { sender } });
    expect(await fetched(first.id, room.id)).toMatchObject({ content: { sender } });
    expect(await told(second.id)).toMatchObject({ content: { sender: { id: anaId, name: 'Ana', phone: ana } } });
  });

  it('message-details: tells who is behind a hidden id, and that it is the owner who is answered', async () => {
    const davi = fixture.world.addPhone({ number: '5511933332222', name: 'Davi', addressing: 'lid' });
    const room = fixture.world.createRoom({ kind: 'group', name: 'Obra', owner, members: [davi.number] });
    const { id } = fixture.world.send({ from: davi.number, to: room.id, text: 'chegou o cimento' });
    const sender = { id: davi.lid, name: 'Davi', phone: davi.number };
    expect(await told(id)).toMatchObject({ content: { sender } });
    const answer = fixture.world.send({ from: owner, to: room.id, text: 'ótimo', quoted: id });
    expect(await told(answer.id)).toMatchObject({ content: { quoted: { author: 'customer', senderName: 'Davi' } } });
    const thanks = fixture.world.send({ from: davi.number, to: room.id, text: 'valeu', quoted: answer.id });
    expect(await told(thanks.id)).toMatchObject({ content: { quoted: { author: 'owner', text: 'ótimo' } } });
    fixture.world.react({ phone: davi.number, peer: room.id, id: answer.id, emoji: '👍' });
    await expect
      .poll(() => eventsOf('reaction', answer.id), soon)
      .toMatchObject([{ peer: room.id, reaction: { senderId: davi.lid, senderName: 'Davi' } }]);
  });

  it('tells of a deleted message under the id that it had, live and when it fetches', async () => {
    const gone = fixture.world.send({ from: ana, to: owner, text: 'ops, errado' });
    await told(gone.id);
    fixture.world.revoke({ phone: ana, peer: owner, id: gone.id });
    await expect.poll(() => eventsOf('revoke', gone.id), soon).toMatchObject([{ peer: anaId, fromMe: false }]);
    const { messages } = await linked.session.fetchSince(anaId, { since: 0, atLeast: 20, atMost: 1_000 });
    const about = messages.filter(({ stanzaId, replaces }) => stanzaId === gone.id || replaces === gone.id);
    expect(about).toMatchObject([{ kind: 'revoked', text: '', fromMe: false, replaces: gone.id }]);
    expect(about[0]?.stanzaId).not.toBe(gone.id);
  });

  it('message-changes: tells of what is planned on the phone as planned, and again when it is sent', async () => {
    const plannedFor = Math.floor(Date.now() / 1000) + 3_600;
    const { id } = fixture.world.send({ from: owner, to: ana, text: 'Bom dia', plannedFor });
    const planned = { text: 'Bom dia', content: { plannedFor: new Date(plannedFor * 1000).toISOString() } };
    expect(await told(id)).toMatchObject({ ...planned, fromMe: true, delivery: 'pending' });
    expect(await fetched(id)).toMatchObject(planned);
    fixture.world.endPlan({ phone: owner, peer: ana, id, how: 'send' });
    const sent = await told(id, { matches: ({ content }) => content?.plannedFor === undefined });
    expect(sent).toMatchObject({ text: 'Bom dia', fromMe: true });
    expect((await fetched(id))?.content?.plannedFor).toBeUndefined();
  });

  it('message-changes: tells that what was planned is gone', async () => {
    const plannedFor = Math.floor(Date.now() / 1000) + 3_600;
    const { id } = fixture.world.send({ from: owner, to: ana, text: 'melhor não', plannedFor });
    await told(id);
    fixture.world.endPlan({ phone: owner, peer: ana, id, how: 'cancel' });
    await expect.poll(() => eventsOf('revoke', id), soon).toMatchObject([{ peer: anaId, fromMe: true }]);
  });

  it('message-changes: tells of what is decrypted in a later document', async () => {
    const { id } = fixture.world.send({ from: ana, to: owner, text: 'enfim', sealed: '' });
    await told(id);
    const from = linked.events.length;
    fixture.world.act(owner, { action: 'reload' });
    await linked.next('ready', { from, timeoutMs: 30_000 });
    expect(await fetched(id)).toMatchObject({ content: { onPhone: { reason: 'not_decrypted' } } });
    fixture.world.unseal({ phone: owner, peer: ana, id });
    expect(await told(id, { matches: ({ text }) => text !== '' })).toMatchObject({ kind: 'text', text: 'enfim' });
  }, 60_000);

  it('knows a person who has changed the number under both, the new one first', async () => {
    const [before, after] = ['5511944440001', '5511944440002'];
    fixture.world.addPhone({ number: before, name: 'Duda' });
    await told(fixture.world.send({ from: before, to: owner, text: 'oi' }).id);
    fixture.world.changeNumber(before, after);
    await told(fixture.world.send({ from: after, to: owner, text: 'número novo' }).id);
    for (const id of [before, after]) {
      const { waIds, phone } = await linked.session.describePeer(`${id}@c.us`);
      expect(waIds).toEqual(expect.arrayContaining([`${before}@c.us`, `${after}@c.us`]));
      expect(phone).toBe(after);
    }
  });
});
