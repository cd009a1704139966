import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { launch, type Browser } from 'puppeteer';
import { afterEach, describe, expect, it } from 'vitest';
import { isAllowedHost, isPublicAddress } from './allowed-hosts.ts';
import { egressArgs } from './egress-args.ts';
import { startEgressProxy } from './egress-proxy.ts';

const hosts = ['web.whatsapp.com', '*.whatsapp.net'];
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Something on this machine that no page may reach. Counts who came, by what they sent first. */
async function startVictim(): Promise<{ port: number; visits: string[] }> {
  const visits: string[] = [];
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      visits.push(data[0] === 0x16 ? 'TLS' : 'HTTP');
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4', () => visits.push('UDP'));
  await new Promise<void>((done) => datagrams.bind(port, '127.0.0.1', done));
  closers.push(
    () => new Promise((done) => server.close(done)),
    () => new Promise<void>((done) => datagrams.close(done)),
  );
  return { port, visits };
}

async function startBrowser(args: string[]): Promise<Browser> {
  const browser = await launch({
    executablePath: '/usr/lib/chromium/chromium-headless-shell',
    args: ['--no-sandbox', '--disable-quic', ...args],
    pipe: true,
  });
  closers.push(() => browser.close());
  return browser;
}

/** Tries every way that a page has to get somewhere. Which of the named ones led anywhere? */
async function tryEverything(browser: Browser, port: number): Promise<string[]> {
  const page = await browser.newPage();
  const reached = await page.evaluate(async (victim) => {
    const settle = async (name: string, attempt: Promise<unknown>) => {
      const timeout = new Promise((_, fail) => setTimeout(fail, 3_000));
      return Promise.race([attempt, timeout]).then(
        () => name,
        () => '',
      );
    };
    const socket = async () =>
      new Promise((done, fail) => {
        const opening = new WebSocket(`ws://127.0.0.1:${victim}`);
        opening.addEventListener('open', done);
        opening.addEventListener('error', fail);
      });
    const stun = async () => {
      const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${victim}` }] });
      peer.createDataChannel('x');
      await peer.setLocalDescription(await peer.createOffer());
      await new Promise((done) => setTimeout(done, 1_500));
    };
    // Names, addresses in every spelling, and what a cloud has at link-local addresses. A refusal by the proxy reaches
    // the page as an answer without content.
    const fetched = [
      `127.0.0.1:${victim}`,
      `localhost:${victim}`,
      `2130706433:${victim}`,
      `[::ffff:127.0.0.1]:${victim}`,
    ];
    const attempts = fetched.map(async (host) => settle(host, fetch(`http://${host}/`, { mode: 'no-cors' })));
    attempts.push(settle('websocket', socket()), settle('stun', stun()));
    attempts.push(settle('https', fetch(`https://127.0.0.1:${victim}/`, { mode: 'no-cors' })));
    for (const host of ['169.254.170.2', '169.254.169.254', 'example.com', 'whatsapp.net.example.com'])
      attempts.push(settle(host, fetch(`http://${host}/`, { mode: 'no-cors' })));
    return Promise.all(attempts);
  }, port);
  await page.goto(`http://127.0.0.1:${port}/`, { timeout: 5_000 }).catch(() => undefined);
  return reached.filter((name) => name !== '');
}

describe('where pages may go', () => {
  it('without the proxy is everywhere: by HTTP, WebSocket, TLS and WebRTC', async () => {
    const victim = await startVictim();
    await tryEverything(await startBrowser([]), victim.port);
    expect(new Set(victim.visits)).toEqual(new Set(['HTTP', 'TLS', 'UDP']));
  });

  it('with the proxy is to none of it', async () => {
    const victim = await startVictim();
    const refused: string[] = [];
    const proxy = await startEgressProxy({ hosts, onRefused: (host) => refused.push(host) });
    closers.push(() => proxy.close());
    await tryEverything(await startBrowser(egressArgs(proxy)), victim.port);
    expect(victim.visits).toEqual([]);
    expect(refused).toEqual(
      expect.arrayContaining(['127.0.0.1', 'localhost', '169.254.170.2', '169.254.169.254', 'example.com']),
    );
  });

  it('is to an allowed host, through a tunnel, but not when its name leads to this machine', async () => {
    const victim = await startVictim();
    const common = { hosts, port: victim.port, onRefused: () => undefined };
    const leadsHere: Parameters<typeof startEgressProxy>[0]['resolve'] = (_name, options, callback) =>
      options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);
    const strict = await startEgressProxy({ ...common, resolve: leadsHere });
    const lenient = await startEgressProxy({ ...common, resolve: leadsHere, isPublic: () => true });
    closers.push(
      () => strict.close(),
      () => lenient.close(),
    );
    const address = `https://web.whatsapp.com:${victim.port}/`;
    const visit = async (proxy: { port: number }) => {
      const page = await (await startBrowser(egressArgs(proxy))).newPage();
      return page.goto(address, { timeout: 5_000 }).then(
        () => '',
        (error: Error) => error.message,
      );
    };
    expect(await visit(strict)).toMatch(/ERR_TUNNEL_CONNECTION_FAILED/);
    expect(victim.visits).toEqual([]);
    await visit(lenient);
    expect(victim.visits).toContain('TLS');
  });

  it('is decided by whole names and labels', () => {
    for (const host of ['web.whatsapp.com', 'mmg.whatsapp.net', 'media.gru.cdn.whatsapp.net'])
      expect(isAllowedHost(host, hosts), host).toBe(true);
    for (const host of ['whatsapp.net', 'evilwhatsapp.net', 'web.whatsapp.com.evil.net', 'x.web.whatsapp.com', ''])
      expect(isAllowedHost(host, hosts), host).toBe(false);
  });

  it('excludes addresses of this machine, its networks and its cloud', () => {
    for (const address of ['8.8.8.8', '157.240.1.1', '2a03:2880::1'])
      expect(isPublicAddress(address), address).toBe(true);
    const ours = [
      '127.0.0.1',
      '10.0.0.5',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.170.2',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
    ];
    for (const address of [
      ...ours,
      '::1',
      '::',
      'fd00::1',
      'fe80::1',
      '::ffff:127.0.0.1',
      '::ffff:a00:1',
      '64:ff9b::7f00:1',
      'name',
    ])
      expect(isPublicAddress(address), address).toBe(false);
  });
});
