import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, bruno, owner, startHostFixture, type HostFixture } from '../support/session-host-fixture.ts';

describe('session host: what can go wrong', { timeout: 120_000 }, () => {
  let fixture: HostFixture;
  beforeAll(async () => {
    fixture = await startHostFixture();
  });
  afterAll(async () => {
    await fixture.close();
  });

  it('is linked to begin with', async () => {
    await fixture.link();
    expect(await afterMessage('antes')).toBe('customer: antes');
  });

  it('comes back without a code after a planned restart, from the checkpoint alone, with what came meanwhile in order', async () => {
    await checkpointed();
    await fixture.host.stop();
    expect(profiles()).toEqual([]);
    const sent = fixture.world.events().filter(({ kind }) => kind === 'linked').length;
    const missed = Array.from({ length: 60 }, (_, i) => `enquanto parado ${i}`);
    for (const text of missed) fixture.world.send({ from: ana, to: owner, text });
    fixture.world.send({ from: bruno, to: owner, text: 'cliente novo' });
    fixture.world.send({ from: owner, to: ana, text: 'do celular' });
    fixture.host.start();
    await expect.poll(() => fixture.conversation(bruno), { timeout: 20_000 }).toEqual(['customer: cliente novo']);
    await expect
      .poll(() => fixture.conversation(ana), { timeout: 20_000 })
      .toEqual(['customer: antes', ...missed.map((text) => `customer: ${text}`), 'owner: do celular']);
    await fixture.waitForState('linked');
    expect(fixture.world.events().filter(({ kind }) => kind === 'linked')).toHaveLength(sent);
    const chatId = (await fixture.tenant.chats.resolvePeer([`${ana}@c.us`])) ?? '';
    const { items } = await fixture.tenant.messages.page({ chatId, limit: 2 });
    expect(items.map(({ reconciled }) => reconciled)).toEqual([true, true]);
    // The gap is told before its first message, once everything of it is there.
    await expect
      .poll(async () => (await gapsOf(chatId)).map(({ text, gap }) => [text, gap?.messages]), { timeout: 10_000 })
      .toEqual([['enquanto parado 0', 61]]);
  });

  it('comes back without a code after the host is killed, and leaves no browser behind', async () => {
    await checkpointed();
    const browsers = browserPids();
    expect(browsers).toHaveLength(1);
    fixture.host.kill();
    await expect.poll(() => browsers.some(isAlive), { timeout: 5_000 }).toBe(false);
    fixture.world.send({ from: ana, to: owner, text: 'durante a queda' });
    await expect
      .poll(async () => (await fixture.conversation(ana)).at(-1), { timeout: 30_000 })
      .toBe('customer: durante a queda');
    await fixture.waitForState('linked');
    expect(browserPids()).toHaveLength(1);
  });

  it('loses nothing, doubles nothing and keeps the order while it is killed again and again under load', async () => {
    const before = { ana: await fixture.conversation(ana), bruno: await fixture.conversation(bruno) };
    const texts = Array.from({ length: 90 }, (_, i) => `carga ${i}`);
    for (const [i, text] of texts.entries()) {
      fixture.world.send({ from: ana, to: owner, text });
      fixture.world.send({ from: bruno, to: owner, text });
      if (i % 30 === 15) fixture.host.kill();
      await delay(100);
    }
    const stored = texts.map((text) => `customer: ${text}`);
    // A page of the conversation holds a hundred messages.
    const timeout = 40_000;
    await expect.poll(() => fixture.conversation(ana), { timeout }).toEqual([...before.ana, ...stored].slice(-100));
    await expect.poll(() => fixture.conversation(bruno), { timeout }).toEqual([...before.bruno, ...stored].slice(-100));
  });

  it('starts a new browser when the old one dies, and loses nothing', async () => {
    const [pid] = browserPids();
    process.kill(pid ?? 0, 'SIGKILL');
    await fixture.waitForState('reconnecting');
    fixture.world.send({ from: ana, to: owner, text: 'sem navegador' });
    await fixture.waitForState('linked');
    await expect
      .poll(async () => (await fixture.conversation(ana)).at(-1), { timeout: 20_000 })
      .toBe('customer: sem navegador');
  });

  it('starts anew when the page crashes', async () => {
    fixture.world.act(owner, { action: 'crash-renderer' });
    await fixture.waitForState('reconnecting');
    await fixture.waitForState('linked');
    expect(await afterMessage('depois da página')).toBe('customer: depois da página');
  });

  it('goes on after the page was reloaded, and after it navigated within itself', async () => {
    for (const action of ['reload', 'same-document-navigation'] as const) {
      fixture.world.act(owner, { action });
      expect(await afterMessage(`depois de ${action}`)).toBe(`customer: depois de ${action}`);
    }
    await fixture.waitForState('linked');
  });

  it('shows a lost connection, and fetches what WhatsApp does not announce when it returns', async () => {
    fixture.world.setFaults({ silentCatchUp: true }, owner);
    fixture.world.act(owner, { action: 'drop-socket', downMs: 1_500 });
    await fixture.waitForState('reconnecting');
    fixture.world.send({ from: ana, to: owner, text: 'em silêncio' });
    await fixture.waitForState('linked');
    await expect
      .poll(async () => (await fixture.conversation(ana)).at(-1), { timeout: 20_000 })
      .toBe('customer: em silêncio');
    fixture.world.clearFaults(owner);
  });

  it('stores once what is announced twice', async () => {
    fixture.world.setFaults({ announceTwice: true }, owner);
    expect(await afterMessage('uma vez só')).toBe('customer: uma vez só');
    fixture.world.send({ from: ana, to: owner, text: 'fim' });
    await expect
      .poll(async () => (await fixture.conversation(ana)).slice(-2), { timeout: 10_000 })
      .toEqual(['customer: uma vez só', 'customer: fim']);
    fixture.world.clearFaults(owner);
  });

  it('becomes ready although WhatsApp synchronised before the library listened', async () => {
    fixture.world.setFaults({ fastSync: true }, owner);
    await fixture.host.stop();
    fixture.host.start();
    await fixture.waitForState('linked', 30_000);
    expect(await afterMessage('sincronizado cedo')).toBe('customer: sincronizado cedo');
    fixture.world.clearFaults(owner);
  });

  it('comes back after another page took its place', async () => {
    fixture.world.act(owner, { action: 'conflict' });
    await fixture.waitForState('reconnecting');
    await fixture.waitForState('linked');
    expect(await afterMessage('depois do conflito')).toBe('customer: depois do conflito');
  });

  it('keeps one conversation with a person whose id becomes a hidden one', async () => {
    fixture.world.act(owner, { action: 'migrate-to-lid', peer: ana });
    expect(await afterMessage('agora com lid')).toBe('customer: agora com lid');
    expect((await fixture.tenant.chats.page({ limit: 10 })).items).toHaveLength(2);
  });

  it('falls back to the checkpoint before a damaged one', async () => {
    await checkpointed();
    await fixture.host.stop();
    const folder = join(fixture.dir, 'checkpoints', fixture.tenant.userId);
    const newest = join(folder, readdirSync(folder).toSorted().at(-1) ?? '');
    const content = readFileSync(newest);
    content.writeUInt8(content.readUInt8(500) ^ 1, 500);
    writeFileSync(newest, content);
    fixture.host.start();
    expect(await afterMessage('do penúltimo')).toBe('customer: do penúltimo');
    await fixture.waitForState('linked');
    expect(fixture.logs.join('\n')).toContain('ALARM: a checkpoint is damaged and was skipped');
  });

  it('says when the phone has unlinked it, and links again', async () => {
    fixture.world.unlinkDevices(owner);
    await fixture.waitForState('logged_out');
    await expect.poll(browserPids, { timeout: 5_000 }).toEqual([]);
    expect(existsSync(join(fixture.dir, 'checkpoints', fixture.tenant.userId))).toBe(false);
    await fixture.link();
    expect(await afterMessage('de volta')).toBe('customer: de volta');
  });

  it('says that WhatsApp does not know it any more when it was unlinked while it was down, and links again', async () => {
    await checkpointed();
    await fixture.host.stop();
    fixture.world.unlinkDevices(owner);
    fixture.host.start();
    expect(await fixture.waitForState('failed', 30_000)).toMatchObject({ failure: 'session_unknown' });
    expect(browserPids()).toEqual([]);
    // A code proves nothing: what is saved stays until the new link is.
    await checkpointed();
    await fixture.link();
    expect(await afterMessage('de novo aqui')).toBe('customer: de novo aqui');
  });

  it('asks WhatsApp Web for nothing that it does not have', () => {
    expect(fixture.world.missingModules()).toEqual([]);
  });

  /** A customer writes; the newest message stored once it is there, or when the time is up. */
  async function afterMessage(text: string): Promise<string | undefined> {
    fixture.world.send({ from: ana, to: owner, text });
    const deadline = Date.now() + 30_000;
    for (;;) {
      const newest = (await fixture.conversation(ana)).at(-1);
      if (newest === `customer: ${text}` || Date.now() > deadline) return newest;
      await delay(50);
    }
  }

  async function gapsOf(chatId: string) {
    const { items } = await fixture.tenant.messages.page({ chatId, limit: 100 });
    return items.filter(({ gap }) => gap !== undefined);
  }

  async function checkpointed(): Promise<void> {
    const folder = join(fixture.dir, 'checkpoints', fixture.tenant.userId);
    await expect.poll(() => (existsSync(folder) ? readdirSync(folder) : []), { timeout: 10_000 }).not.toEqual([]);
  }

  function profiles(): string[] {
    const scratch = join(fixture.dir, 'scratch');
    return existsSync(scratch) ? readdirSync(scratch) : [];
  }

  function browserPids(): number[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && isBrowser(pid));
  }

  function isBrowser(pid: number): boolean {
    const args = commandLine(pid);
    return (
      args.some((arg) => arg.startsWith(`--user-data-dir=${fixture.dir}/`)) &&
      !args.some((arg) => arg.startsWith('--type='))
    );
  }
});

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  return commandLine(pid).some((arg) => arg !== '');
}
