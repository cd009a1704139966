import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Pairing } from '@top-active/core/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ana, bruno, owner, startHostFixture, type HostFixture } from '../support/session-host-fixture.ts';

describe('session host: linking and messages', { timeout: 120_000 }, () => {
  let fixture: HostFixture;
  beforeAll(async () => {
    fixture = await startHostFixture();
  });
  afterAll(async () => {
    await fixture.close();
  });

  it('links by QR code', async () => {
    await fixture.link();
    const status = await fixture.tenant.whatsapp.get();
    expect(status).toMatchObject({ account: { phone: owner, name: 'Clínica Aurora' }, simulated: true });
    expect(status.qr).toBeUndefined();
  });

  it('never writes a code, a number or a text to the log', async () => {
    fixture.world.send({ from: ana, to: owner, text: 'Segredo de Ana' });
    await expect.poll(() => fixture.conversation(ana), { timeout: 10_000 }).toEqual(['customer: Segredo de Ana']);
    const log = fixture.logs.join('\n');
    expect(log).toContain('Link state changed');
    expect(log).not.toMatch(/2@|Segredo|5511999990000|5511988887777/);
  });

  it('stores what customers write, in order, and who they are', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `pergunta ${i}`);
    for (const text of texts) fixture.world.send({ from: bruno, to: owner, text });
    await expect
      .poll(() => fixture.conversation(bruno), { timeout: 15_000 })
      .toEqual(texts.map((text) => `customer: ${text}`));
    const [chat] = (await fixture.tenant.chats.page({ limit: 10 })).items;
    expect(chat).toMatchObject({ name: 'Bruno', phone: bruno, isGroup: false, unread: 20 });
  });

  it("sends a reply, shows it as the owner's or the assistant's, and follows its ticks", async () => {
    const chatId = await chatOf(ana);
    const { id } = await fixture.tenant.commands.create({
      command: { kind: 'message.send', chatId, text: 'Temos às 10h', author: 'assistant' },
    });
    await expect.poll(async () => (await fixture.tenant.commands.get(id))?.state, { timeout: 15_000 }).toBe('SENT');
    expect(fixture.world.received({ phone: ana }).map(({ text }) => text)).toEqual(['Temos às 10h']);
    fixture.world.read(ana, owner);
    await expect
      .poll(async () => await lastOf(chatId), { timeout: 10_000 })
      .toMatchObject({
        author: 'assistant',
        text: 'Temos às 10h',
        delivery: 'read',
        commandId: id,
      });
  });

  it('records what the owner types on the phone', async () => {
    fixture.world.send({ from: owner, to: ana, text: 'Eu mesma respondo' });
    await expect
      .poll(() => fixture.conversation(ana), { timeout: 10_000 })
      .toEqual(['customer: Segredo de Ana', 'assistant: Temos às 10h', 'owner: Eu mesma respondo']);
  });

  it('follows edits and revocations', async () => {
    const { id: edited } = fixture.world.send({ from: ana, to: owner, text: 'às 10h30 ta bom' });
    const { id: revoked } = fixture.world.send({ from: ana, to: owner, text: 'ops' });
    await expect.poll(async () => (await fixture.conversation(ana)).at(-1), { timeout: 10_000 }).toBe('customer: ops');
    fixture.world.edit({ phone: ana, peer: owner, id: edited, text: 'às 10h30 está bom' });
    fixture.world.revoke({ phone: ana, peer: owner, id: revoked });
    const chatId = await chatOf(ana);
    await expect
      .poll(async () => (await fixture.tenant.messages.page({ chatId, limit: 2 })).items, { timeout: 10_000 })
      .toMatchObject([{ text: 'às 10h30 está bom', edited: true }, { kind: 'revoked' }]);
  });

  it('tells WhatsApp that a chat was read', async () => {
    const chatId = await chatOf(bruno);
    await fixture.tenant.commands.create({ command: { kind: 'chat.seen', chatId } });
    await expect
      .poll(() => fixture.world.chats(owner).find(({ peer }) => peer === bruno)?.unread, { timeout: 10_000 })
      .toBe(0);
  });

  it('does not let a command that must fail hold up the next one', async () => {
    const chatId = await chatOf(ana);
    const absent = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const { id: poisoned } = await fixture.tenant.commands.create({
      command: { kind: 'message.send', chatId: absent, text: 'a ninguém', author: 'owner' },
    });
    const { id: good } = await fixture.tenant.commands.create({
      command: { kind: 'message.send', chatId, text: 'Até logo', author: 'owner' },
    });
    await expect.poll(async () => (await fixture.tenant.commands.get(good))?.state, { timeout: 15_000 }).toBe('SENT');
    expect(await fixture.tenant.commands.get(poisoned)).toMatchObject({ state: 'FAILED', failure: 'chat_not_found' });
  });

  it('stores neither status nor channels', async () => {
    // Status is shown to whom one has as a contact.
    fixture.world.saveContact(ana, { number: owner, name: 'Clínica' });
    fixture.world.send({ from: ana, to: 'status@broadcast', text: 'na praia' });
    const channel = fixture.world.createRoom({ kind: 'newsletter', name: 'Ofertas', owner: ana, members: [owner] });
    fixture.world.send({ from: ana, to: channel.id, text: 'promoção' });
    // Chats don't wait for each other: what would be stored of the others is there by the second.
    for (const text of ['depois do status', 'e do canal']) {
      fixture.world.send({ from: ana, to: owner, text });
      await expect
        .poll(async () => (await fixture.conversation(ana)).at(-1), { timeout: 10_000 })
        .toBe(`customer: ${text}`);
    }
    expect((await fixture.tenant.chats.page({ limit: 10 })).items.map(({ name }) => name).toSorted()).toEqual([
      'Ana',
      'Bruno',
    ]);
  });

  it('has one thread for one customer: by number, by hidden id, and without the ninth digit', async () => {
    const before = await fixture.conversation(bruno);
    const told: string[] = [];
    for (const addressing of ['lid', 'pn-without-ninth', 'pn', 'lid'] as const) {
      fixture.world.changePhone(bruno, { addressing });
      fixture.world.send({ from: bruno, to: owner, text: `agora como ${addressing}` });
      told.push(`customer: agora como ${addressing}`);
      await expect.poll(() => fixture.conversation(bruno), { timeout: 10_000 }).toEqual([...before, ...told]);
    }
    // What is sent goes to the id in use, and its ticks, told of that id, find it.
    const chatId = await chatOf(bruno);
    const command = { kind: 'message.send', chatId, text: 'Recebido', author: 'owner' } as const;
    await fixture.tenant.commands.create({ command });
    await expect
      .poll(() => fixture.world.received({ phone: bruno }).map(({ text }) => text), { timeout: 15_000 })
      .toContain('Recebido');
    fixture.world.changePhone(bruno, { addressing: 'pn' });
    fixture.world.read(bruno, owner);
    await expect.poll(() => lastOf(chatId), { timeout: 10_000 }).toMatchObject({ text: 'Recebido', delivery: 'read' });
    expect((await fixture.tenant.chats.page({ limit: 10 })).items).toHaveLength(2);
  });

  it('merges two chats that turn out to be one, sends nothing twice, and leaves apart what the owner takes apart', async () => {
    const { lid } = fixture.world.phone(ana);
    const number = await chatOf(ana);
    const earlier = await fixture.conversation(ana);
    const hidden = await rememberHidden(lid);
    const command = { kind: 'message.send', chatId: hidden, text: 'Sim, temos', author: 'owner' } as const;
    const { id } = await fixture.tenant.commands.create({ command });
    await expect.poll(async () => (await fixture.tenant.commands.get(id))?.state, { timeout: 15_000 }).toBe('SENT');
    const whole = [...earlier, 'customer: vocês abrem hoje?', 'owner: Sim, temos'];
    await expect.poll(() => fixture.conversation(ana), { timeout: 10_000 }).toEqual(whole);
    expect(fixture.world.received({ phone: ana }).filter(({ text }) => text === 'Sim, temos')).toHaveLength(1);
    expect(await fixture.tenant.chats.get(hidden)).toMatchObject({ id: number, merged: [{ id: hidden }] });

    await fixture.tenant.chats.unmerge(number, hidden);
    fixture.world.send({ from: ana, to: owner, text: 'e amanhã?' });
    await expect
      .poll(async () => (await fixture.conversation(ana)).at(-1), { timeout: 10_000 })
      .toBe('customer: e amanhã?');
    const apart = await fixture.tenant.messages.page({ chatId: hidden, limit: 10 });
    expect(apart.items.map(({ text }) => text)).toEqual(['vocês abrem hoje?', 'Sim, temos']);
  });

  it('asks WhatsApp Web for nothing that it does not have', () => {
    expect(fixture.world.missingModules()).toEqual([]);
  });

  it("shows the phone's battery once the phone tells it", async () => {
    const battery = async () => (await fixture.tenant.whatsapp.get()).account?.battery;
    expect(await battery()).toBeUndefined();
    fixture.world.act(owner, { action: 'tell-battery', percent: 64, plugged: true });
    await expect.poll(battery, { timeout: 5_000 }).toMatchObject({ percent: 64, plugged: true });
  });

  it("unlinks at the owner's wish: at the phone, and here with every checkpoint", async () => {
    await expect.poll(checkpoints, { timeout: 10_000 }).not.toEqual([]);
    expect(fixture.world.phone(owner).devices).toHaveLength(1);
    await fixture.tenant.whatsapp.requestStop();
    expect(await fixture.waitForState('unlinked')).not.toHaveProperty('remainsOnPhone');
    await expect.poll(() => fixture.world.phone(owner).devices, { timeout: 5_000 }).toEqual([]);
    expect(checkpoints()).toEqual([]);
  });

  it('says why there is no code to type: the number has no WhatsApp, or has asked too often', async () => {
    await fixture.connect();
    await fixture.waitForState('qr');
    expect(await askForCode('5511900000000')).toEqual({ phone: '5511900000000', failure: 'not_on_whatsapp' });
    fixture.world.setFaults({ refusePairingCodes: true }, owner);
    expect(await askForCode(owner)).toEqual({ phone: owner, failure: 'too_many' });
    fixture.world.clearFaults(owner);
  });

  it('goes back to the QR code, and from there to a code again, which takes the place of the one before', async () => {
    await fixture.tenant.commands.create({ command: { kind: 'link.qr' } });
    await fixture.waitForState('qr');
    const first = await askForCode(owner);
    const { code = '' } = await askForCode(owner);
    expect(code).toMatch(/^[0-9A-Z]{8}$/);
    expect(code).not.toBe(first.code);
    expect(() => fixture.world.enterPairingCode(owner, first.code ?? '')).toThrow('wrong for this phone');
  });

  it('keeps the code when WhatsApp has shown enough QR codes, and after a kill of the host asks for a new one', async () => {
    fixture.world.setFaults({ refMs: 100, refsBeforeIdle: 1 });
    await fixture.tenant.commands.create({ command: { kind: 'link.qr' } });
    await fixture.waitForState('qr_expired');
    const begun = fixture.world.lastEvent();
    await fixture.connect();
    await fixture.tenant.commands.create({ command: { kind: 'link.pair', phone: owner } });
    const { code } = await codeShown(() => true);
    const idle = () => fixture.world.events({ after: begun }).some(({ kind }) => kind === 'link-idle');
    await expect.poll(idle, { timeout: 10_000 }).toBe(true);
    // Longer than between two looks at the page.
    await expect(fixture.waitForState('qr_expired', 1_500)).rejects.toThrow('qr_expired');
    expect((await fixture.tenant.whatsapp.get()).pairing?.code).toBe(code);
    fixture.world.clearFaults();
    fixture.host.kill();
    const { code: next = '', phone } = await codeShown((shown) => shown !== code);
    expect(phone).toBe(owner);
    fixture.world.enterPairingCode(owner, `${next.slice(0, 4)}-${next.slice(4)}`);
    expect(await fixture.waitForState('linked')).toMatchObject({ account: { phone: owner } });
    expect((await fixture.tenant.whatsapp.get()).pairing).toBeUndefined();
    const log = fixture.logs.join('\n');
    for (const secret of [owner, next, code ?? '']) expect(log).not.toContain(secret);
  });

  it('finds the account of a number that is registered without its ninth digit', async () => {
    await fixture.tenant.whatsapp.requestStop();
    await fixture.waitForState('unlinked');
    fixture.world.addPhone({ number: '551187654321', name: 'Oficina antiga' });
    await fixture.connect();
    await fixture.tenant.commands.create({ command: { kind: 'link.pair', phone: '5511987654321' } });
    const { code = '' } = await codeShown(() => true);
    fixture.world.enterPairingCode('551187654321', code);
    expect(await fixture.waitForState('linked')).toMatchObject({ account: { phone: '551187654321' } });
  });

  /** A chat with somebody of whom only the hidden id was known, as an earlier life of the host stored it. */
  async function rememberHidden(lid: string): Promise<string> {
    const stanzaId = '3EB0000000000000';
    const sentAt = Math.floor(Date.now() / 1000);
    const facts = {
      stanzaId,
      waId: `false_${lid}_${stanzaId}`,
      text: 'vocês abrem hoje?',
      sentAt,
      kind: 'text',
    } as const;
    const number = await chatOf(ana);
    // What is still told of Ana may teach the id anew in between.
    for (let tries = 1; tries <= 10; tries++) {
      await fixture.tenant.items.write({ kind: 'delete', sk: `PEER#${lid}` });
      const { chatId } = await fixture.tenant.messages.recordMessage({
        chat: { waIds: [lid], name: '', isGroup: false },
        message: { ...facts, direction: 'in', author: 'customer', delivery: 'delivered' },
      });
      if (chatId !== number) return chatId;
    }
    throw new Error('The hidden id is known again and again');
  }

  function checkpoints(): string[] {
    const folder = join(fixture.dir, 'checkpoints');
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(folder, name)).isFile(),
    );
  }

  /** Asks as the API does, and waits for what comes of it. */
  async function askForCode(phone: string): Promise<Pairing> {
    const before = (await fixture.tenant.whatsapp.get()).pairing;
    await fixture.tenant.commands.create({ command: { kind: 'link.pair', phone } });
    return pairing(
      (now) =>
        now.phone === phone && (now.failure !== undefined || (now.code !== undefined && now.code !== before?.code)),
    );
  }

  const codeShown = (isRight: (code: string) => boolean) => pairing(({ code }) => code !== undefined && isRight(code));

  async function pairing(isRight: (pairing: Pairing) => boolean): Promise<Pairing> {
    return vi.waitFor(
      async () => {
        const { pairing: now } = await fixture.tenant.whatsapp.get();
        if (!now || !isRight(now)) throw new Error('Not yet');
        return now;
      },
      { timeout: 20_000, interval: 50 },
    );
  }

  async function chatOf(peer: string): Promise<string> {
    const chatId = await fixture.tenant.chats.resolvePeer([`${peer}@c.us`]);
    if (chatId === undefined) throw new Error(`No chat with ${peer}`);
    return chatId;
  }

  async function lastOf(chatId: string) {
    return (await fixture.tenant.messages.page({ chatId, limit: 1 })).items[0];
  }
});
