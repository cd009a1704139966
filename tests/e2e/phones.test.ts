import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import QRCode from 'qrcode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createWorldClient,
  loginUser,
  registerUser,
  until,
  type AppUser,
  type WorldClient,
} from '@top-active/local/client';
import { bootStack, type Stack } from '@top-active/local/stack';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { pressAt } from '../support/keyboard.ts';
import { logIn } from '../support/owner.ts';
import { textsOf } from '../support/texts.ts';

const ana = { name: 'Clínica da Ana', number: '5511970000101' };
const beto = { name: 'Beto Cliente', number: '5511970000102' };
const carla = { name: 'Carla Cliente', number: '5511970000104' };

const eventsSchema = z.object({ last: z.int(), events: z.array(z.object({ kind: z.string() })) });

// One story in several steps over one stack: each step needs the one before.
describe('the simulated phones page', () => {
  const dir = mkdtempSync(join(tmpdir(), 'phones-'));
  let stack: Stack;
  let world: WorldClient;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let owner: AppUser;
  let other: AppUser;

  beforeAll(async () => {
    stack = await bootStack({ dir });
    world = createWorldClient(stack.worldOrigin);
    browser = await launchBrowser();
    ({ page, complaints } = await openWindow(browser));
    const register = (email: string, name: string) => registerUser({ origin: stack.appOrigin, world, email, name });
    [owner, other] = await Promise.all([register('ana@example.com', 'Ana'), register('olga@example.com', 'Olga')]);
    await page.goto(`${stack.worldOrigin}/phones/`);
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const phone = ({ name }: { name: string }): Locator =>
    page.getByRole('article', { name: `Celular simulado de ${name}` });

  async function codeOf(user: AppUser): Promise<string> {
    await user.connectWhatsApp();
    return until(async () => (await user.status()).qr?.code, { what: 'the QR code', timeoutMs: 30_000 });
  }

  async function isLinked(user: AppUser): Promise<void> {
    await until(async () => (await user.status()).state === 'linked' || undefined, {
      what: 'the link',
      timeoutMs: 30_000,
    });
  }

  const chatsOf = async ({ name }: { name: string }) => (await owner.chats()).filter((chat) => chat.name === name);

  async function eventsAfter(seq: number): Promise<string[]> {
    const path = `/whatsapp/events?after=${seq}&phone=${ana.number}`;
    return eventsSchema.parse(await world.call('GET', path)).events.map(({ kind }) => kind);
  }

  /** Carla writes to Ana, who then has so many chats of hers. */
  async function writeAndSee(text: string, chats: number): Promise<void> {
    await world.write(carla.number, ana.number, text);
    await until(
      async () => {
        const found = await chatsOf(carla);
        const texts = await Promise.all(found.map(({ id }) => owner.messages(id)));
        return (found.length === chats && texts.flat().some((message) => message.text === text)) || undefined;
      },
      { what: `"${text}" in one of ${chats} chats`, timeoutMs: 20_000 },
    );
  }

  it('offers a newcomer two example phones, and takes a third with its own name and number', async () => {
    await page.getByRole('heading', { name: 'Comece aqui' }).waitFor();
    await page.getByRole('button', { name: 'Criar dois celulares de exemplo' }).click();
    await Promise.all([ana, beto].map((person) => phone(person).waitFor()));

    await page.getByRole('button', { name: 'Novo celular' }).click();
    const dialog = page.getByRole('dialog', { name: 'Novo celular' });
    await dialog.getByLabel('Nome').fill('Olga Oficina');
    await dialog.getByLabel('Número').fill(beto.number);
    await dialog.getByRole('button', { name: 'Criar' }).click();
    await dialog.getByText('Este número já tem um celular aqui.').waitFor();
    await dialog.getByLabel('Número').fill('+55 (11) 97000-0103');
    await dialog.getByRole('button', { name: 'Criar' }).click();
    await phone({ name: 'Olga Oficina' }).waitFor();
  });

  it('links by the pasted text of the code, and says in words what is wrong with another text', async () => {
    const code = await codeOf(owner);
    const own = phone(ana);
    await own.getByRole('tab', { name: 'Conversas' }).focus();
    await page.keyboard.press('ArrowRight');
    await own.getByRole('button', { name: 'Conectar um aparelho' }).click();
    const dialog = page.getByRole('dialog', { name: 'Conectar um aparelho' });
    await dialog.getByLabel('Texto do código').fill('not a code');
    await page.keyboard.press('Enter');
    await dialog.getByText('Este não é um código QR do app.').waitFor();
    await dialog.getByLabel('Texto do código').fill(code);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await own.getByText('conectado agora').waitFor();
    await isLinked(owner);
  });

  it('links by a picture of the code', async () => {
    const code = await codeOf(other);
    const own = phone({ name: 'Olga Oficina' });
    await own.getByRole('tab', { name: 'Aparelhos' }).click();
    await own.getByRole('button', { name: 'Conectar um aparelho' }).click();
    const choosing = page.waitForEvent('filechooser');
    const dialog = page.getByRole('dialog', { name: 'Conectar um aparelho' });
    await dialog.getByText('Escolher uma captura de tela').click();
    const chooser = await choosing;
    await chooser.setFiles({ name: 'code.png', mimeType: 'image/png', buffer: await QRCode.toBuffer(code) });
    await dialog.waitFor({ state: 'detached' });
    await own.getByText('conectado agora').waitFor();
    await isLinked(other);
  });

  it('carries what the customer writes to the owner, and the reply back, with its ticks', async () => {
    await phone(ana).getByRole('tab', { name: 'Conversas' }).click();
    const customer = phone(beto);
    await customer.getByRole('button', { name: ana.name }).click();
    await customer.getByRole('textbox').fill('Tem horário amanhã?');
    await page.keyboard.press('Enter');
    await customer.getByRole('img', { name: 'entregue' }).waitFor();
    await phone(ana).getByText('1 não lida').first().waitFor();

    const chat = await until(async () => (await owner.chats()).find(({ name }) => name === beto.name), {
      what: 'the chat in the app',
      timeoutMs: 15_000,
    });
    await until(async () => (await owner.messages(chat.id)).find(({ text }) => text === 'Tem horário amanhã?'), {
      what: 'the message in the app',
      timeoutMs: 15_000,
    });

    await customer.getByRole('button', { name: 'Voltar às conversas' }).click();
    await owner.send(chat.id, 'Tem sim, às 9h.', 'reply-to-beto');
    await customer.getByText('1 não lida').first().waitFor();
    await phone(ana).getByRole('button', { name: beto.name }).click();
    const sent = phone(ana).getByRole('listitem').filter({ hasText: 'Tem sim, às 9h.' });
    await sent.getByRole('img', { name: 'entregue' }).waitFor();
    await customer.getByRole('button', { name: ana.name }).click();
    await customer.getByRole('log').getByText('Tem sim, às 9h.').waitFor();
    await sent.getByRole('img', { name: 'lida' }).waitFor();
  });

  it('sends what is no text: a poll that the other votes on, an answer with its quote, a planned message', async () => {
    const [own, customer] = [phone(ana), phone(beto)];
    const send = async (what: string, values: Record<string, string>) => {
      await own.getByLabel('Enviar outra coisa').click();
      await own.getByRole('button', { name: what }).click();
      const dialog = page.getByRole('dialog', { name: what });
      for (const [label, value] of Object.entries(values)) await dialog.getByLabel(label).fill(value);
      await dialog.getByRole('button', { name: 'Enviar' }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    await send('Enquete', { Pergunta: 'Que dia?', 'Opções, uma por linha': 'Terça\nQuarta' });
    const poll = customer.getByRole('listitem').filter({ hasText: 'Enquete: Que dia?' });
    await poll.getByRole('button', { name: 'Quarta' }).click();
    await own.getByRole('button', { name: 'Quarta' }).getByLabel('1 voto').waitFor();

    await poll.getByRole('button', { name: 'Reagir à mensagem ou mudá-la' }).click();
    await poll.getByRole('button', { name: 'Responder' }).click();
    await customer.getByText('Resposta a: Enquete: Que dia?').waitFor();
    await customer.getByRole('textbox').fill('Prefiro quarta');
    await page.keyboard.press('Enter');
    const answer = own.getByRole('listitem').filter({ hasText: 'Prefiro quarta' });
    await answer.getByText('Enquete: Que dia?').waitFor();

    await send('Mensagem agendada', { Texto: 'Até quarta!' });
    const planned = own.getByRole('listitem').filter({ hasText: 'Até quarta!' });
    await planned.getByText(/agendada para/).waitFor();
    expect(await customer.getByText('Até quarta!').count()).toBe(0);
    await planned.getByRole('button', { name: 'Reagir à mensagem ou mudá-la' }).click();
    await planned.getByRole('button', { name: 'Enviar agora' }).click();
    await customer.getByRole('log').getByText('Até quarta!').waitFor();
  });

  it('shows a customer under a hidden id and without the ninth digit: to the owner it is one chat', async () => {
    const customer = phone(beto);
    for (const choice of ['Identificação oculta (@lid)', 'Número sem o nono dígito']) {
      await customer.getByRole('button', { name: 'Voltar às conversas' }).click();
      await customer.getByRole('tab', { name: 'Aparelhos' }).click();
      await customer.getByLabel('Como o WhatsApp mostra este celular').selectOption(choice);
      await customer.getByText('Alterado. A próxima mensagem já sai assim.').waitFor();
      await customer.getByRole('tab', { name: 'Conversas' }).click();
      await customer.getByRole('button', { name: ana.name }).click();
      await customer.getByRole('textbox').fill(`Escrevo como ${choice}`);
      await page.keyboard.press('Enter');
      await until(
        async () => {
          const [chat, ...others] = (await owner.chats()).filter(({ name }) => name === beto.name);
          expect(others).toEqual([]);
          return chat && (await owner.messages(chat.id)).find(({ text }) => text === `Escrevo como ${choice}`);
        },
        { what: 'the message in the same chat', timeoutMs: 15_000 },
      );
    }
  });

  it('keeps from a phone without internet what arrives meanwhile', async () => {
    const customer = phone(beto);
    await customer.getByRole('switch', { name: 'Internet' }).click();
    await customer.getByText('Sem internet. O que chegar aparece quando ela voltar.').waitFor();
    await phone(ana).getByRole('textbox').fill('Confirmado?');
    await page.keyboard.press('Enter');
    const sent = phone(ana).getByRole('listitem').filter({ hasText: 'Confirmado?' });
    await sent.getByRole('img', { name: 'enviada', exact: true }).waitFor();
    expect(await customer.getByText('Confirmado?').count()).toBe(0);
    await customer.getByRole('switch', { name: 'Internet' }).click();
    await customer.getByText('Confirmado?').waitFor();
    await sent.getByRole('img', { name: 'lida' }).waitFor();
  });

  it('logs the linked device out', async () => {
    const own = phone(ana);
    await own.getByRole('button', { name: 'Voltar às conversas' }).click();
    await own.getByRole('tab', { name: 'Aparelhos' }).click();
    await own.getByRole('button', { name: 'Desconectar' }).click();
    await own.getByRole('heading', { name: 'Nenhum aparelho conectado' }).waitFor();
    await expect.poll(async () => (await owner.status()).state, { timeout: 15_000 }).toBe('logged_out');
  });

  it('links by the code that is typed', async () => {
    const path = '/api/whatsapp/pairing-code';
    await owner.api.request(path, { method: 'POST', body: { phone: '+55 (11) 97000-0101' } });
    const { code = '' } = await until(
      async () => {
        const { pairing } = await owner.status();
        return pairing?.code ? pairing : undefined;
      },
      { what: 'the code to type', timeoutMs: 30_000 },
    );
    await phone(ana).getByRole('button', { name: 'Conectar um aparelho' }).click();
    const dialog = page.getByRole('dialog', { name: 'Conectar um aparelho' });
    await dialog.getByLabel('Código de pareamento').fill('ZZZZ-ZZZZ');
    await page.keyboard.press('Enter');
    await dialog
      .getByRole('status')
      .getByText(/código/i)
      .waitFor();
    await dialog.getByLabel('Código de pareamento').fill(`${code.slice(0, 4)}-${code.slice(4)}`);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await phone(ana).getByText('conectado agora').waitFor();
    await isLinked(owner);
  });

  it('has two chats of a customer while WhatsApp does not tell that they are one person’s', async () => {
    await world.addPhone(carla);
    const faults = `/whatsapp/phones/${ana.number}/faults`;
    await world.call('PUT', faults, { hideNumbers: true });
    const { last } = eventsSchema.parse(await world.call('GET', '/whatsapp/events'));
    await world.call('POST', `${faults}/actions`, { action: 'drop-socket' });
    await until(async () => ((await eventsAfter(last)).includes('device-connected') ? true : undefined), {
      what: 'the page to be back',
      timeoutMs: 15_000,
    });
    await writeAndSee('Oi, é a Carla', 1);
    await world.call('POST', `${faults}/actions`, { action: 'change-id', peer: carla.number, to: 'lid' });
    await writeAndSee('Sou eu, de outro jeito', 2);
    expect(await chatsOf(carla)).toHaveLength(2);
    await world.call('DELETE', faults);
  });

  it('follows the world again after it was away', async () => {
    const [port, worldPort] = [stack.appOrigin, stack.worldOrigin].map((origin) => Number(new URL(origin).port));
    await stack.close();
    await page.getByText('O mundo simulado não responde. Tentando de novo…').waitFor();
    stack = await bootStack({ dir, port, worldPort });
    world = createWorldClient(stack.worldOrigin);
    await world.write(ana.number, beto.number, 'Voltamos!');
    await phone(beto).getByRole('log').getByText('Voltamos!').waitFor();
  });

  it('merges the two once WhatsApp tells; by keyboard they are taken apart, and merged again', async () => {
    // The stack has another address since it was booted anew, for which the former token is not good.
    owner = await loginUser({ origin: stack.appOrigin, world, email: owner.email });
    await writeAndSee('Ainda tem horário?', 1);
    const t = textsOf('pt-BR');
    const app = await openWindow(browser, { width: 390, height: 844 });
    await logIn(app.page, { origin: stack.appOrigin, email: owner.email });
    const [chat] = await chatsOf(carla);
    await app.page.goto(`${stack.appOrigin}/conversas/${chat?.id}`);
    const thread = app.page.getByRole('log');
    for (const text of ['Oi, é a Carla', 'Sou eu, de outro jeito', 'Ainda tem horário?'])
      await thread.getByText(text).waitFor();

    await pressAt(app.page, app.page.getByRole('button', { name: t('inbox.panel.open') }));
    await app.page.getByRole('heading', { name: t('inbox.merged.title') }).waitFor();
    expect(await app.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await pressAt(app.page, app.page.getByRole('button', { name: t('inbox.merged.undo') }));
    const dialog = app.page.getByRole('dialog', { name: t('inbox.merged.question', { name: carla.name }) });
    await pressAt(app.page, dialog.getByRole('button', { name: t('inbox.merged.undo') }));
    await app.page.getByText(t('inbox.merged.done')).first().waitFor();
    await expect.poll(async () => (await chatsOf(carla)).length, { timeout: 15_000 }).toBe(2);

    await pressAt(app.page, app.page.getByRole('button', { name: t('inbox.apart.rejoin') }));
    await app.page.getByRole('heading', { name: t('inbox.merged.title') }).waitFor();
    await expect.poll(async () => (await chatsOf(carla)).length, { timeout: 15_000 }).toBe(1);
    expect(app.complaints).toEqual([]);
    await app.context.close();
  });

  it('shows one phone at a time on a small screen, without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => page.getByRole('article').count()).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it('gave the page nothing to complain about', () => {
    expect(complaints).toEqual([]);
  });
});
