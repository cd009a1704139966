import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, bruno, owner, startHostFixture, type HostFixture } from '../support/session-host-fixture.ts';

describe('session host: what messages are besides their text', { timeout: 120_000 }, () => {
  let fixture: HostFixture;
  beforeAll(async () => {
    fixture = await startHostFixture();
  });
  afterAll(async () => {
    await fixture.close();
  });

  async function messagesOf(peer: string) {
    const { tenant } = fixture;
    const chatId = await tenant.chats.resolvePeer([peer.includes('@') ? peer : `${peer}@c.us`]);
    return chatId === undefined ? [] : (await tenant.messages.page({ chatId, limit: 100 })).items;
  }

  const lastOf = async (peer: string) => (await messagesOf(peer)).at(-1);
  const soon = { timeout: 15_000 };

  it('links', async () => {
    await fixture.link();
    expect((await fixture.tenant.whatsapp.get()).state).toBe('linked');
  });

  it('stores a thumb up on a question, its change, and that it was taken back', async () => {
    const { world } = fixture;
    const { id } = world.send({ from: owner, to: ana, text: 'Terça às 14h, confirma?' });
    await expect.poll(() => lastOf(ana), soon).toMatchObject({ text: 'Terça às 14h, confirma?' });
    for (const emoji of ['👍', '❤️', '']) {
      world.react({ phone: ana, peer: owner, id, emoji });
      const expected = emoji === '' ? [] : [{ author: 'customer', emoji }];
      await expect.poll(async () => (await lastOf(ana))?.reactions, soon).toMatchObject(expected);
    }
  });

  it('stores which message an answer quotes, and takes its words away when that is deleted', async () => {
    const { world } = fixture;
    const { id } = world.send({ from: ana, to: owner, text: 'minha senha é 1234' });
    await expect.poll(() => lastOf(ana), soon).toMatchObject({ text: 'minha senha é 1234' });
    const messageId = (await lastOf(ana))?.id;
    world.send({ from: owner, to: ana, text: 'Cuidado', quoted: id });
    await expect
      .poll(() => lastOf(ana), soon)
      .toMatchObject({ text: 'Cuidado', quoted: { messageId, author: 'customer', text: 'minha senha é 1234' } });
    world.revoke({ phone: ana, peer: owner, id });
    await expect.poll(() => lastOf(ana), soon).toMatchObject({ quoted: { kind: 'revoked', text: '' } });
  });

  it('tells two members of a group apart', async () => {
    const { world } = fixture;
    const group = world.createRoom({ kind: 'group', name: 'Família', owner: ana, members: [owner, bruno] });
    for (const from of [ana, bruno]) world.send({ from, to: group.id, text: `de ${from}` });
    await expect.poll(async () => (await messagesOf(group.id)).length, soon).toBe(2);
    const senders = (await messagesOf(group.id)).map(({ sender }) => sender?.phone ?? sender?.id);
    expect(new Set(senders).size).toBe(2);
  });

  it('loses nothing of what came while it was away, whatever is among it: a deletion, a message of an odd kind', async () => {
    const { world, tenant } = fixture;
    const { id } = world.send({ from: ana, to: owner, text: 'apago já' });
    await expect.poll(() => lastOf(ana), soon).toMatchObject({ text: 'apago já' });
    const before = (await messagesOf(ana)).length;
    world.act(owner, { action: 'drop-socket', downMs: 3_000 });
    world.revoke({ phone: ana, peer: owner, id });
    world.send({ from: bruno, to: owner, type: 'list_response', attributes: {} });
    world.send({ from: bruno, to: owner, text: 'Boa tarde' });
    await expect.poll(async () => (await messagesOf(bruno)).map(({ text }) => text), soon).toHaveLength(2);
    expect(await lastOf(bruno)).toMatchObject({ text: 'Boa tarde' });
    await expect.poll(async () => (await lastOf(ana))?.kind, soon).toBe('revoked');
    expect(await messagesOf(ana)).toHaveLength(before);
    expect(JSON.stringify(await tenant.chats.page({ limit: 10 }))).not.toContain('apago já');
  });

  it('shows what is planned on the phone as planned', async () => {
    const { world } = fixture;
    const inAnHour = Math.floor(Date.now() / 1000) + 3_600;
    world.send({ from: owner, to: bruno, text: 'Lembrete', plannedFor: inAnHour });
    await expect
      .poll(async () => (await messagesOf(bruno)).find(({ text }) => text === 'Lembrete')?.plannedFor, soon)
      .toBe(new Date(inAnHour * 1000).toISOString());
    const chat = (await fixture.tenant.chats.page({ limit: 10 })).items.find(({ phone }) => phone === bruno);
    expect(chat?.lastMessage?.text).toBe('Boa tarde');
  });

  it('counts the votes of a poll', async () => {
    const { world } = fixture;
    const poll = { question: 'Quando?', options: ['Terça', 'Quarta'] };
    const { id } = world.send({ from: owner, to: ana, poll });
    await expect.poll(() => lastOf(ana), soon).toMatchObject({ kind: 'poll', poll: { question: 'Quando?' } });
    world.vote({ phone: ana, peer: owner, id, options: ['Quarta'] });
    await expect
      .poll(async () => (await lastOf(ana))?.poll?.options, soon)
      .toEqual([
        { text: 'Terça', votes: 0 },
        { text: 'Quarta', votes: 1 },
      ]);
  });
});
