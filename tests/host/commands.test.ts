import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, owner, startHostFixture, type HostFixture } from '../support/session-host-fixture.ts';

const mib = 2 ** 20;

describe('session host: codes that nobody scans, commands that were interrupted', { timeout: 120_000 }, () => {
  let fixture: HostFixture;
  let chatId: string;
  /** Ana's first message. */
  let greeting: string;
  beforeAll(async () => {
    fixture = await startHostFixture({ env: { SESSION_MEMORY_MIB: '450', CAPACITY_CHECK_SECONDS: '0.3' } });
  });
  afterAll(async () => {
    await fixture.close();
  });

  it('ends when nobody scans a code, and goes on at the next click', async () => {
    fixture.world.setFaults({ refMs: 200, refsBeforeIdle: 3 });
    await fixture.connect();
    await fixture.waitForState('qr_expired');
    fixture.world.clearFaults();
    await fixture.link();
    greeting = fixture.world.send({ from: ana, to: owner, text: 'bom dai' }).id;
    await expect.poll(() => fixture.conversation(ana), { timeout: 10_000 }).toEqual(['customer: bom dai']);
    chatId = (await fixture.tenant.chats.resolvePeer([`${ana}@c.us`])) ?? '';
  });

  it('sends what was ordered while it was down', async () => {
    await fixture.host.stop();
    const id = await order('estava parado');
    fixture.world.edit({ phone: ana, peer: owner, id: greeting, text: 'bom dia' });
    fixture.host.start();
    expect(await endOf(id)).toMatchObject({ state: 'SENT' });
    expect(received()).toEqual(['estava parado']);
    await expect
      .poll(() => fixture.conversation(ana), { timeout: 10_000 })
      .toEqual(['customer: bom dia', 'owner: estava parado']);
  });

  it('finds a message that an earlier life sent but could not record, and does not send it again', async () => {
    await fixture.host.stop();
    const id = await order('enviada antes da queda');
    expect(await fixture.tenant.commands.claim(id, 'former', 1)).toBeDefined();
    fixture.world.read(ana, owner);
    fixture.world.send({ from: owner, to: ana, text: 'enviada antes da queda' });
    fixture.host.start();
    const command = await endOf(id);
    expect(command).toMatchObject({ state: 'SENT' });
    const message = await fixture.tenant.messages.get(chatId, command?.messageId ?? '');
    expect(message).toMatchObject({ text: 'enviada antes da queda', commandId: id });
    // What came before it was read while nobody listened.
    await expect.poll(() => deliveryOf('estava parado'), { timeout: 10_000 }).toBe('read');
    expect(received()).toEqual(['estava parado', 'enviada antes da queda']);
  });

  it('says that it does not know when no trace is found, and sends nothing', async () => {
    await fixture.host.stop();
    const id = await order('talvez');
    expect(await fixture.tenant.commands.claim(id, 'former', 1)).toBeDefined();
    fixture.host.start();
    expect(await endOf(id)).toMatchObject({ state: 'UNKNOWN', failure: 'interrupted' });
    expect(received()).not.toContain('talvez');
  });

  it('sends nothing to another than whom it was ordered for, where the chat was taken apart since', async () => {
    const [right, wrong] = await Promise.all([
      order('para Ana', `${ana}@c.us`),
      order('para outra', '128849273645182@lid'),
    ]);
    expect(await endOf(wrong)).toMatchObject({ state: 'FAILED', failure: 'recipient_left' });
    expect(await endOf(right)).toMatchObject({ state: 'SENT' });
    expect(received()).not.toContain('para outra');
  });

  it('keeps the order of what was ordered', async () => {
    const texts = Array.from({ length: 5 }, (_, i) => `parte ${i}`);
    const ids: string[] = [];
    for (const text of texts) ids.push(await order(text));
    for (const id of ids) expect(await endOf(id)).toMatchObject({ state: 'SENT' });
    expect(received().slice(-5)).toEqual(texts);
    expect((await fixture.conversation(ana)).slice(-5)).toEqual(texts.map((text) => `owner: ${text}`));
  });

  it('begins a session anew that has grown over its limit; what is ordered meanwhile waits, and nothing is lost', async () => {
    const browser = await browserMemory();
    expect(browser).toBeLessThan(450 * mib);
    fixture.world.act(owner, { action: 'leak', mib: 500 });
    await fixture.waitForState('reconnecting', 20_000);
    fixture.world.send({ from: ana, to: owner, text: 'durante a troca' });
    const id = await order('depois da troca');
    expect(await endOf(id)).toMatchObject({ state: 'SENT' });
    await fixture.waitForState('linked');
    await expect
      .poll(async () => (await fixture.conversation(ana)).slice(-2).toSorted(), { timeout: 10_000 })
      .toEqual(['customer: durante a troca', 'owner: depois da troca']);
    expect(await browserMemory()).toBeLessThan(450 * mib);
    expect(fixture.world.events().filter(({ kind }) => kind === 'device-rewound')).toEqual([]);
  });

  it('tells its health and its figures without naming anybody', async () => {
    const health = await fetch(`${hostAddress()}/health`);
    expect(health.status).toBe(200);
    const metrics = await readMetrics();
    expect(metrics).toContain('top_active_sessions{state="linked"} 1');
    expect(await browserMemory()).toBeGreaterThan(20e6);
    expect(metrics).not.toContain(fixture.tenant.userId);
  });

  it('says that it is full when there is no memory for a session, and takes it up when there is', async () => {
    await fixture.host.stop();
    fixture.host.start({ HOST_MEMORY_MIB: '256' });
    expect(await fixture.waitForState('failed')).toMatchObject({ failure: 'host_busy', account: { phone: owner } });
    await fixture.host.stop();
    fixture.host.start();
    await fixture.waitForState('linked');
  });

  it('ends a session that nobody uses, and brings it back at a click without a code', async () => {
    const links = () => fixture.world.events().filter(({ kind }) => kind === 'linked').length;
    const before = links();
    await fixture.host.stop();
    const twoSeconds = String(2 / 86_400);
    fixture.host.start({ IDLE_AFTER_DAYS: twoSeconds });
    expect(await fixture.waitForState('failed')).toMatchObject({ failure: 'idle', account: { phone: owner } });
    await fixture.host.stop();
    fixture.host.start();
    fixture.world.send({ from: ana, to: owner, text: 'alguém aí?' });
    await fixture.connect();
    await fixture.waitForState('linked');
    await expect
      .poll(async () => (await fixture.conversation(ana)).at(-1), { timeout: 10_000 })
      .toBe('customer: alguém aí?');
    expect(links()).toBe(before);
  });

  it('unlinks at the phone too when it was told so while it was down', async () => {
    await fixture.host.stop();
    await fixture.tenant.whatsapp.requestStop();
    fixture.host.start();
    expect(await fixture.waitForState('unlinked')).not.toHaveProperty('remainsOnPhone');
    expect(fixture.world.phone(owner).devices).toEqual([]);
  });

  it('refuses to send when nothing is linked', async () => {
    expect(await endOf(await order('ninguém envia'))).toMatchObject({
      state: 'FAILED',
      failure: 'whatsapp_not_linked',
    });
  });

  async function order(text: string, to?: string): Promise<string> {
    const { id } = await fixture.tenant.commands.create({
      command: { kind: 'message.send', chatId, to, text, author: 'owner' },
    });
    return id;
  }

  async function endOf(id: string) {
    await expect
      .poll(async () => (await fixture.tenant.commands.get(id))?.state, { timeout: 30_000 })
      .not.toMatch(/PENDING|CLAIMED/);
    return fixture.tenant.commands.get(id);
  }

  async function deliveryOf(text: string) {
    const { items } = await fixture.tenant.messages.page({ chatId, limit: 100 });
    return items.find((message) => message.text === text)?.delivery;
  }

  function hostAddress(): string {
    const line = fixture.logs.findLast((entry) => entry.includes('Session host started')) ?? '{}';
    return `http://127.0.0.1:${/"healthPort":(\d+)/.exec(line)?.[1]}`;
  }

  async function readMetrics(): Promise<string> {
    return (await fetch(`${hostAddress()}/metrics`)).text();
  }

  async function browserMemory(): Promise<number> {
    return Number(/top_active_browser_pss_bytes\{session="0"\} (\d+)/.exec(await readMetrics())?.[1]);
  }

  function received(): string[] {
    return fixture.world.received({ phone: ana }).map(({ text }) => text);
  }
});
