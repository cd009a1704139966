import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { metricDefinitions, metricsNamespace } from '@top-active/aws';
import { createWorldClient, until, type WorldClient } from '@top-active/local/client';
import { bootStack, type Stack } from '@top-active/local/stack';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { findKept } from '../support/kept-bytes.ts';
import { linesWithSecrets, readEmittedMetrics, readLogLines } from '../support/log-lines.ts';
import {
  connectGoogle,
  demoKey,
  linkByTypedCode,
  linkWhatsApp,
  openChat,
  password,
  register,
  saveOpenAiKey,
  unlinkWhatsApp,
  type Owner,
} from '../support/owner.ts';

const ana = { name: 'Ana Dentista', email: 'ana@example.com', phone: '5511970000001' };
const bruno = { name: 'Bruno Barbeiro', email: 'bruno@example.com', phone: '5511970000002' };
const carla = { name: 'Carla Cliente', number: '5521980000001' };
const diego = { name: 'Diego Cliente', number: '5521980000002' };

const devicesSchema = z.object({ devices: z.array(z.unknown()) });
const eventsSchema = z.object({ events: z.array(z.looseObject({ kind: z.string().optional() })) });

// One story in several steps over one stack: each step needs the one before.
describe('the main job, with two owners at once', () => {
  const dir = mkdtempSync(join(tmpdir(), 'main-job-'));
  let stack: Stack;
  let world: WorldClient;
  let browser: Browser;
  /** What functions and session hosts have written, and what none of it may tell. */
  const logs: string[] = [];
  const secrets: Record<string, string> = { password, 'OpenAI key': demoKey };
  const owners: (Owner & { complaints: string[] })[] = [];

  beforeAll(async () => {
    stack = await bootStack({ dir, onLog: (line) => logs.push(line) });
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

  it('links WhatsApp by the QR code on the screen, or on a small one by a code that is typed on the phone', async () => {
    const [anas, brunos] = owners;
    if (!anas || !brunos) throw new Error('no owners');
    const tab = await openTab(anas);
    await brunos.page.setViewportSize({ width: 390, height: 844 });
    await Promise.all([
      // The other tab of the same owner goes along: it has the code too, as long as nobody scans it.
      linkWhatsApp(anas, world, () =>
        tab.getByRole('img', { name: 'Código QR para conectar o WhatsApp' }).waitFor(),
      ).then((code) => (secrets['QR code'] = code)),
      linkByTypedCode(brunos, world).then((code) => (secrets['code to type'] = code)),
    ]);
    await both(({ page, name }) => expectShown(page.getByText(`Conectado como ${name}`)));
    await expectShown(tab.getByText(`Conectado como ${ana.name}`));
    await tab.close();
    await brunos.page.setViewportSize({ width: 1280, height: 900 });
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
    secrets['reply'] = reply.text;
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
    stack = await bootStack({ dir, port, worldPort, onLog: (line) => logs.push(line) });
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

  it('shows the battery that a phone tells, and unlinks: on the phone, in every tab, and with its checkpoints', async () => {
    const owner = owners[1];
    if (!owner) throw new Error('no owner');
    await owner.page.goto(origin());
    const tab = await openTab(owner);
    const battery = { action: 'tell-battery', percent: 41, plugged: false };
    await world.call('POST', `/whatsapp/phones/${bruno.phone}/faults/actions`, battery);
    await Promise.all([owner.page, tab].map((page) => page.getByText(/Bateria do celular: 41 %/).waitFor()));
    expect(await linkedDevices(world, bruno.phone)).toHaveLength(1);
    await expect.poll(() => withCheckpoints(dir), { timeout: 20_000 }).toHaveLength(2);
    await unlinkWhatsApp(owner);
    await tab.getByRole('button', { name: 'Mostrar o código QR' }).waitFor();
    expect(await tab.getByText(`Conectado como ${bruno.name}`).count()).toBe(0);
    expect(await linkedDevices(world, bruno.phone)).toEqual([]);
    expect(withCheckpoints(dir)).toHaveLength(1);
    expect(await linkedDevices(world, ana.phone)).toHaveLength(1);
    await tab.close();
  });

  it('told nothing of anybody in its logs', () => {
    for (const { name, email, phone } of [ana, bruno])
      Object.assign(secrets, { [`e-mail of ${name}`]: email, [name]: phone });
    for (const { name, number } of [carla, diego])
      Object.assign(secrets, { [`name of ${name}`]: name, [name]: number });
    for (const text of ['Quanto custa uma limpeza', 'vocês abrem sábado', 'Tem horário amanhã', 'até amanhã!'])
      secrets[`message ${text}`] = text;
    expect(logs.length).toBeGreaterThan(20);
    expect(linesWithSecrets(logs, secrets)).toEqual([]);
    // Tokens of people, in whole or in part.
    expect(logs.filter((line) => /eyJ[\w-]{10,}|Bearer /.test(line))).toEqual([]);
  });

  it('keeps nothing of anybody that can be read without the owner’s key, but the e-mail address in the user pool', () => {
    const folders = readdirSync(dir);
    expect(folders).toEqual(expect.arrayContaining(['dynamodb', 'sqs-s3', 'kms', 'checkpoints', 'dispatch-positions']));
    const { [`e-mail of ${ana.name}`]: _, [`e-mail of ${bruno.name}`]: __, ...others } = secrets;
    expect(findKept(dir, { texts: others })).toEqual([]);
    const kept = findKept(dir, { texts: secrets });
    expect([...new Set(kept.map(({ file }) => file.split('/')[0]))]).toEqual(['cognito']);
    // What is looked for is there to be found, in the world outside.
    const told = findKept(dir, { texts: others, but: [] }).filter(({ file }) => file.startsWith('whatsapp/'));
    expect(told.map(({ what }) => what)).toEqual(expect.arrayContaining([ana.name, `name of ${carla.name}`, 'reply']));
  });

  it('logs under one trace what one click has led to, over stream and queues', () => {
    const lines = readLogLines(logs);
    const click = lines.find(({ route }) => route === 'POST /api/suggestions/{id}/accept');
    expect(click?.traceId).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    const led = lines.filter(({ traceId }) => traceId === click?.traceId);
    expect(led).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ message: 'Request answered', function: 'chats' }),
        expect.objectContaining({ message: 'Job handed on', function: 'dispatch', job: 'book' }),
        expect.objectContaining({ message: 'Appointment booked', function: 'assistant' }),
        expect.objectContaining({ message: 'Command ended', kind: 'message.send', state: 'SENT' }),
      ]),
    );
    const asked = lines.find(({ message }) => message === 'Suggestion written');
    const causes = lines.filter(({ traceId }) => traceId === asked?.traceId).map(({ message }) => message);
    expect(causes).toContain('Job handed on');
  });

  it('counts the main job, by stage, route, page build and type of message only', () => {
    const emitted = readEmittedMetrics(logs);
    expect([...new Set(emitted.map(({ name }) => name))]).toEqual(
      expect.arrayContaining([
        'MessagesStored',
        'MessageDelay',
        'ModelCalls',
        'Suggestions',
        'Bookings',
        'CommandsSent',
        'CommandTime',
        'SessionsUsed',
        'OwnedShards',
      ]),
    );
    for (const { namespace, dimensions, name, unit } of emitted) {
      expect(namespace).toBe(metricsNamespace);
      expect(metricDefinitions).toHaveProperty(name, expect.objectContaining({ unit }));
      for (const dimension of dimensions.flat()) expect(['stage', 'route', 'build', 'type']).toContain(dimension);
    }
  });
});

/** The same person's, in the same browser. */
async function openTab({ context, page }: Owner): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(new URL(page.url()).origin);
  await tab.getByRole('heading', { name: 'WhatsApp' }).waitFor();
  return tab;
}

async function linkedDevices(world: WorldClient, phone: string): Promise<unknown[]> {
  return devicesSchema.parse(await world.call('GET', `/whatsapp/phones/${phone}`)).devices;
}

/** Folders of users that hold a checkpoint. */
function withCheckpoints(dir: string): string[] {
  const folder = join(dir, 'checkpoints');
  return readdirSync(folder).filter((user) => readdirSync(join(folder, user)).length > 0);
}

async function expectShown(locator: Locator): Promise<void> {
  await expect.poll(() => locator.isVisible(), { timeout: 30_000 }).toBe(true);
}

/** Of a calendar, or of the simulated WhatsApp. */
async function eventsAt(world: WorldClient, path: string): Promise<{ kind?: string | undefined }[]> {
  return eventsSchema.parse(await world.call('GET', path)).events;
}
