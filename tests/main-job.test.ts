import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWorldClient, until, type WorldClient } from '@top-active/local/client';
import { bootStack, type Stack } from '@top-active/local/stack';
import { launchBrowser, openWindow } from './support/browser.ts';
import {
  connectGoogle,
  demoKey,
  linkWhatsApp,
  openChat,
  register,
  saveOpenAiKey,
  type Owner,
} from './support/owner.ts';

const ana = { name: 'Ana Dentista', email: 'ana@example.com', phone: '5511970000001' };
const bruno = { name: 'Bruno Barbeiro', email: 'bruno@example.com', phone: '5511970000002' };
const carla = { name: 'Carla Cliente', number: '5521980000001' };
const diego = { name: 'Diego Cliente', number: '5521980000002' };

const eventsSchema = z.object({ events: z.array(z.looseObject({ kind: z.string().optional() })) });

// One story in several steps over one stack: each step needs the one before.
describe('the main job, with two owners at once', () => {
  const dir = mkdtempSync(join(tmpdir(), 'main-job-'));
  let stack: Stack;
  let world: WorldClient;
  let browser: Browser;
  const owners: (Owner & { complaints: string[] })[] = [];

  beforeAll(async () => {
    stack = await bootStack({ dir });
    world = createWorldClient(stack.worldOrigin);
    browser = await launchBrowser();
    for (const { name, phone } of [ana, bruno]) await world.addPhone({ number: phone, name });
    for (const customer of [carla, diego]) await world.addPhone(customer);
    for (const owner of [ana, bruno]) {
      const window = await openWindow(browser);
      owners.push({ ...owner, ...window });
    }
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const both = (work: (owner: Owner) => Promise<unknown>) => Promise.all(owners.map(work));
  const origin = () => stack.appOrigin;

  it('registers, confirms from the mailbox, and is in at once', async () => {
    await both((owner) => register(owner, { origin: origin(), world }));
    await both(({ page, name }) => expectShown(page.getByRole('heading', { name: `Olá, ${name.split(' ')[0]}` })));
  });

  it('takes the OpenAI key after checking it', async () => {
    await both((owner) => saveOpenAiKey(owner, demoKey));
    await both(({ page }) => expectShown(page.getByText('Chave terminada em')));
  });

  it('connects the Google calendar by its consent page', async () => {
    await both(connectGoogle);
    await both(({ page, email }) => expectShown(page.getByText(`Conectado como ${email}`)));
  });

  it('links WhatsApp by the QR code on the screen', async () => {
    await both((owner) => linkWhatsApp(owner, world));
    await both(({ page, name }) => expectShown(page.getByText(`Conectado como ${name}`)));
  });

  it('shows what customers write, live and to their owner only', async () => {
    await both(({ page }) => page.goto(`${origin()}/conversas`));
    await Promise.all([
      world.write(carla.number, ana.phone, 'Oi! Quanto custa uma limpeza?'),
      world.write(diego.number, bruno.phone, 'Boa tarde, vocês abrem sábado?'),
    ]);
    const [anas, brunos] = owners.map((owner) => owner.page);
    await anas?.getByText('Quanto custa uma limpeza?').waitFor();
    await brunos?.getByText('vocês abrem sábado?').waitFor();
    expect(await anas?.getByText('Diego Cliente').count()).toBe(0);
    expect(await brunos?.getByText('Carla Cliente').count()).toBe(0);
  });

  it('proposes a free slot, which the owner accepts: the customer gets it and the calendar has it', async () => {
    const [owner] = owners;
    if (!owner) throw new Error('no owner');
    const { page } = owner;
    await openChat(owner, { origin: origin(), name: carla.name });
    const assistant = page.getByRole('switch', { name: 'Sugerir respostas nesta conversa' });
    await assistant.click();
    // The customer waits already: the assistant answers at once, and anew when the customer goes on.
    const suggestion = page.getByRole('region', { name: 'Sugestão da assistente' });
    await suggestion.getByRole('button', { name: 'Aceitar e enviar' }).waitFor({ timeout: 60_000 });
    await world.write(carla.number, ana.phone, 'Tem horário amanhã à tarde?');
    const thread = page.getByRole('log');
    await thread.getByText('Tem horário amanhã à tarde?').waitFor();
    const accept = suggestion.getByRole('button', { name: 'Marcar e enviar' });
    await accept.waitFor({ timeout: 60_000 });
    await suggestion.getByText('modelo simulado').waitFor();
    const before = (await world.messages(carla.number, ana.phone)).length;
    await accept.click();

    const reply = await until(
      async () => (await world.messages(carla.number, ana.phone)).slice(before).find((message) => !message.fromMe),
      {
        what: "the reply on the customer's phone",
        timeoutMs: 60_000,
      },
    );
    expect(reply.text.length).toBeGreaterThan(10);
    expect(await eventsAt(world, `/google/accounts/${ana.email}/events`)).toHaveLength(1);
    await thread.getByText(reply.text.slice(0, 30)).waitFor();
    await world.call('POST', `/whatsapp/phones/${carla.number}/chats/${ana.phone}/read`, {});
    await thread.getByTitle('Lida').last().waitFor();
  });

  it('kept the other owner out of all of it', async () => {
    expect(await eventsAt(world, `/google/accounts/${bruno.email}/events`)).toEqual([]);
    const page = owners[1]?.page;
    await page?.goto(`${origin()}/conversas`);
    await page?.getByText('Diego Cliente').first().waitFor();
    expect(await page?.getByText('Carla Cliente').count()).toBe(0);
    expect(await world.messages(diego.number, ana.phone)).toEqual([]);
  });

  it('gave the pages nothing to complain about', () => {
    expect(owners.flatMap((owner) => owner.complaints)).toEqual([]);
  });

  it('is still linked after a restart, without a QR code, with its history, and gets what came meanwhile', async () => {
    const [port, worldPort] = [stack.appOrigin, stack.worldOrigin].map((origin) => Number(new URL(origin).port));
    await stack.close();
    stack = await bootStack({ dir, port, worldPort });
    world = createWorldClient(stack.worldOrigin);
    await world.write(carla.number, ana.phone, 'Obrigada, até amanhã!');
    const [owner] = owners;
    if (!owner) throw new Error('no owner');
    await openChat(owner, { origin: origin(), name: carla.name });
    const thread = owner.page.getByRole('log');
    await thread.getByText('Quanto custa uma limpeza?').waitFor();
    await thread.getByText('Obrigada, até amanhã!').waitFor({ timeout: 60_000 });
    await owner.page.goto(origin());
    await owner.page.getByText('Conectado como Ana Dentista').waitFor({ timeout: 60_000 });
    const events = await eventsAt(world, '/whatsapp/events?after=0&limit=1000');
    expect(events.filter((event) => event.kind === 'linked')).toHaveLength(2);
  });
});

async function expectShown(locator: Locator): Promise<void> {
  await expect.poll(() => locator.isVisible(), { timeout: 30_000 }).toBe(true);
}

/** Of a calendar, or of the simulated WhatsApp. */
async function eventsAt(world: WorldClient, path: string): Promise<{ kind?: string | undefined }[]> {
  return eventsSchema.parse(await world.call('GET', path)).events;
}
