import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserHome } from '@top-active/session-host/engine';
import { startEngineFixture, type EngineFixture, type WatchedSession } from '../support/engine-fixture.ts';
import { ana, owner } from '../support/session-host-fixture.ts';

/** The known faults of the library, each switched on, and what the engine does about it: docs/library-faults.md. */

let fixture: EngineFixture;
let home: BrowserHome;
/** The newest session. */
let watched: WatchedSession | undefined;

beforeAll(async () => {
  fixture = await startEngineFixture();
  home = await fixture.newHome();
});
afterEach(() => {
  fixture.world.clearFaults();
  fixture.world.clearFaults(owner);
});
afterAll(() => fixture.close());

const soon = { timeout: 8_000, interval: 20 };

function receivedBy(phone: string): string[] {
  return fixture.world.received({ phone }).map(({ text }) => text);
}

/** A new session in the same home, when the one before has ended. */
async function restart(times?: Parameters<EngineFixture['start']>[1]): Promise<WatchedSession> {
  await watched?.session.stop();
  watched = fixture.start(home, times);
  return watched;
}

/** The same, once it is ready. */
async function restartLinked(times?: Parameters<EngineFixture['start']>[1]): Promise<WatchedSession> {
  const session = await restart(times);
  await session.next('ready', { from: 0 });
  return session;
}

describe('a session that is being linked', () => {
  it('5: tells that no more codes come, which the library tries to ask for in Node and fails', async () => {
    fixture.world.setFaults({ refMs: 100, refsBeforeIdle: 2 });
    const linking = await restart();
    await linking.next('qr-idle', { from: 0 });
    expect(linking.count('qr')).toBeGreaterThan(0);
  });

  it.each([
    ['TOS_BLOCK', 'banned'],
    ['PROXYBLOCK', 'refused'],
    ['DEPRECATED_VERSION', 'page_outdated'],
  ] as const)('12: dies of %s at once, be it before or after the code is read', async (refuseConnections, cause) => {
    fixture.world.setFaults({ refuseConnections });
    const unread = await restart();
    expect(await unread.next('died', { from: 0 })).toMatchObject({ cause });
    fixture.world.clearFaults();
    fixture.world.setFaults({ refuseConnections }, owner);
    const linking = await restart();
    const { code } = await linking.next('qr', { from: 0 });
    fixture.world.scan(owner, code);
    expect(await linking.next('died', { from: 0 })).toMatchObject({ cause });
    fixture.world.unlinkDevices(owner);
  });

  it('10: refuses to send before it is ready, so that nothing is lost', async () => {
    const linking = await restart();
    await expect(linking.session.sendText(`${ana}@c.us`, 'cedo demais')).rejects.toMatchObject({ outcome: 'unready' });
    const { code } = await linking.next('qr', { from: 0 });
    await expect(linking.session.sendText(`${ana}@c.us`, 'cedo demais')).rejects.toMatchObject({ outcome: 'unready' });
    fixture.world.scan(owner, code);
    await linking.next('ready', { from: 0 });
    await linking.session.sendText(`${ana}@c.us`, 'na hora');
    await expect.poll(() => receivedBy(ana), soon).toEqual(['na hora']);
  });
});

describe('a linked session', () => {
  let linked: WatchedSession;
  beforeAll(async () => {
    linked = await restartLinked();
  });

  it('8: writes to a number whose hidden id WhatsApp does not know yet', async () => {
    fixture.world.setFaults({ requireLidLookup: true }, owner);
    const { number } = fixture.world.addPhone({ number: '5511955554444', name: 'Nova' });
    fixture.world.act(owner, { action: 'drop-socket', downMs: 0 });
    await linked.next('ready');
    await linked.session.sendText(`${number}@c.us`, 'bem-vinda');
    await expect.poll(() => receivedBy(number), soon).toEqual(['bem-vinda']);
  });

  it('10: tells of a message whose media is gone', async () => {
    fixture.world.setFaults({ expiredMedia: true }, owner);
    const media = { mimetype: 'image/png', data: 'iVBORw0KGgo=' };
    fixture.world.send({ from: ana, to: owner, media: { ...media, caption: 'meu exame' } });
    const { message } = await linked.next('message');
    expect(message).toMatchObject({ kind: 'image', text: 'meu exame' });
  });

  it('4: tells once that the connection is back, although the library does so once per injection', async () => {
    fixture.world.act(owner, { action: 'same-document-navigation' });
    await linked.next('ready');
    const before = linked.count('ready');
    fixture.world.act(owner, { action: 'drop-socket', downMs: 100 });
    await linked.next('disconnected');
    await linked.next('ready');
    fixture.world.send({ from: ana, to: owner, text: 'uma vez' });
    await linked.next('message');
    expect(linked.count('ready')).toBe(before + 1);
  });

  it('6: lives on when the page is loaded anew while the library works on it', async () => {
    const from = linked.events.length;
    fixture.world.act(owner, { action: 'reload', againAfterMs: 500 });
    await linked.next('ready', { from });
    expect(linked.count('died')).toBe(0);
    expect(linked.unhandled).toEqual([]);
  });
});

describe('a linked session that only seems to live', () => {
  it('11: is not connected while a sent message gets no tick, and dies of it, whatever the page says', async () => {
    const linked = await restartLinked({ ackUntilDisconnectedMs: 500, ackUntilDeadMs: 1_500 });
    fixture.world.setFaults({ dropSends: true }, owner);
    await linked.session.sendText(`${ana}@c.us`, 'no vazio').catch(() => undefined);
    expect(await linked.next('disconnected', { from: 0 })).toMatchObject({ reason: 'no_tick' });
    expect(await linked.next('died', { from: 0 })).toMatchObject({ cause: 'connection_lost' });
  });

  it('11: is asked for a sign of WhatsApp when all is quiet, and dies when none comes', async () => {
    const linked = await restartLinked({ quietUntilAskedMs: 400, answerTimeoutMs: 500 });
    fixture.world.setFaults({ deadLink: true }, owner);
    expect(await linked.next('disconnected', { from: 0 })).toMatchObject({ reason: 'no_answer' });
    expect(await linked.next('died', { from: 0 })).toMatchObject({ cause: 'connection_lost' });
  });

  it('11: dies when its connection does not come back', async () => {
    const linked = await restartLinked({ disconnectedUntilDeadMs: 300 });
    fixture.world.act(owner, { action: 'drop-socket', downMs: 1_500 });
    await linked.next('disconnected', { from: 0 });
    expect(await linked.next('died', { from: 0 })).toMatchObject({ cause: 'connection_lost' });
  });

  it('11: is not connected while its page answers nobody, and is again when it does', async () => {
    const linked = await restartLinked({ heartbeatTimeoutMs: 300, missesUntilDisconnected: 2, missesUntilDead: 40 });
    const from = linked.events.length;
    fixture.world.act(owner, { action: 'hang', ms: 1_500 });
    expect(await linked.next('disconnected', { from })).toMatchObject({ reason: 'page_silent' });
    await linked.next('ready', { from });
    expect(linked.count('died')).toBe(0);
  });

  it('11: dies when its page never answers again', async () => {
    const linked = await restartLinked({ heartbeatTimeoutMs: 700, missesUntilDead: 3 });
    fixture.world.act(owner, { action: 'hang', ms: 60_000 });
    expect(await linked.next('died')).toMatchObject({ cause: 'page_unresponsive' });
  });

  it('3: dies with its browser, of which the library says nothing', async () => {
    const linked = await restartLinked();
    process.kill(linked.session.pid ?? 0, 'SIGKILL');
    expect(await linked.next('died')).toMatchObject({ cause: 'browser_died' });
  });

  it('3: dies with its page', async () => {
    const linked = await restartLinked();
    fixture.world.act(owner, { action: 'crash-renderer' });
    expect(await linked.next('died')).toMatchObject({ cause: 'page_crashed' });
  });
});

describe('the start of a linked session', () => {
  it('1: ends in readiness although WhatsApp had synchronised before the library listened', async () => {
    fixture.world.setFaults({ fastSync: true }, owner);
    const linked = await restart();
    expect(await linked.next('ready', { from: 0 })).toMatchObject({ account: { phone: owner } });
  });

  it('7: takes as long as it is given, not as the library waits by itself, whose bare string is understood', async () => {
    fixture.world.setFaults({ slowBootMs: 1_200 }, owner);
    // No heartbeat comes before: it is the library that gives up.
    const hasty = await restart({ startTimeoutMs: 600, heartbeatWhileLinkingMs: 10_000 });
    expect(await hasty.next('died', { from: 0 })).toMatchObject({ cause: 'start_timeout', detail: 'auth timeout' });
    await restartLinked();
  });
});

describe('a start while WhatsApp cannot be reached', () => {
  it('is told as such, and not as a library that no longer fits', async () => {
    // Port 9 is where nobody listens.
    const cutOff = fixture.start(await fixture.newHome(), {}, { port: 9 });
    expect(await cutOff.next('died', { from: 0 })).toMatchObject({ cause: 'unreachable' });
  });

  it('is told as such too when nothing at all comes back', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 9;
    try {
      const cutOff = fixture.start(await fixture.newHome(), { startTimeoutMs: 1_500 }, { port });
      expect(await cutOff.next('died', { from: 0 })).toMatchObject({ cause: 'unreachable' });
    } finally {
      silent.close();
    }
  });
});

describe('a session that the phone has unlinked', () => {
  it('2: ends without deleting anything under the browser, and the next link outlives a restart', async () => {
    const unlinked = await restartLinked();
    const mark = join(home.profileDir, 'mark');
    writeFileSync(mark, '');
    fixture.world.unlinkDevices(owner);
    await unlinked.next('logged-out');
    await unlinked.session.stop();
    expect(existsSync(mark)).toBe(true);
    home = await fixture.newHome();
    watched = await fixture.link(home);
    const again = await restartLinked();
    expect(again.count('qr')).toBe(0);
  });
});

describe('the page', () => {
  it('was never asked for a module that it lacks', () => {
    expect(fixture.world.missingModules()).toEqual([]);
  });
});
