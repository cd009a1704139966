import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { once } from 'node:events';
import { createWorldClient } from '@top-active/local/client';
import type { Stack } from '@top-active/local/stack';
import whatsappWeb from 'whatsapp-web.js';
import { descendantsOf, pssOfTree } from './process-memory.ts';
import type { SessionFigures } from './own-sessions.ts';

const { Client, LocalAuth } = whatsappWeb;
const settleMs = 5_000;
const fullBrowsers = ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', process.env.BENCH_CHROME ?? ''];

/** The browser that the library's own settings would start: full Chromium in its headless mode. */
export function fullChromium(): string | undefined {
  return fullBrowsers.find((path) => path && existsSync(path));
}

/**
 * The same sessions on the same stand-in by the library's own defaults: LocalAuth, full Chromium, puppeteer's arguments.
 * Only what leads to the stand-in, and root's --no-sandbox, is added.
 */
export async function measureDefaultSessions({
  stack,
  counts,
  executablePath,
}: {
  stack: Stack;
  counts: readonly number[];
  executablePath: string;
}): Promise<SessionFigures> {
  const world = createWorldClient(stack.worldOrigin);
  const dataPath = mkdtempSync(join(tmpdir(), 'bench-defaults-'));
  const figures: SessionFigures = { qrMs: [], pssPerSession: {}, restartMs: 0 };
  const others = new Set(descendantsOf(process.pid));
  const make = (index: number) =>
    new Client({
      authStrategy: new LocalAuth({ clientId: `user-${index}`, dataPath }),
      puppeteer: { executablePath, args: ['--no-sandbox', ...stack.whatsAppBrowserArgs] },
      webVersionCache: { type: 'none' },
    });
  const clients: InstanceType<typeof Client>[] = [];
  try {
    for (const count of counts) {
      while (clients.length < count) {
        const index = clients.length;
        const number = `55119600${String(index).padStart(5, '0')}`;
        await world.addPhone({ number, name: `Default ${index}` });
        const client = make(index);
        clients.push(client);
        const startedAt = performance.now();
        const qr = once(client, 'qr', { signal: AbortSignal.timeout(120_000) });
        const ready = once(client, 'ready', { signal: AbortSignal.timeout(180_000) });
        await Promise.all([client.initialize(), qr.then(([code]: string[]) => scan(code, startedAt, number)), ready]);
      }
      await pause(settleMs);
      figures.pssPerSession[count] = browsersPss(others) / count;
    }
    await Promise.all(clients.map((client) => client.destroy()));
    const again = clients.map((_, index) => make(index));
    clients.splice(0, clients.length, ...again);
    const startedAt = performance.now();
    await Promise.all(
      again.map((client) =>
        Promise.all([client.initialize(), once(client, 'ready', { signal: AbortSignal.timeout(180_000) })]),
      ),
    );
    figures.restartMs = performance.now() - startedAt;
    return figures;
  } finally {
    await Promise.allSettled(clients.map((client) => client.destroy()));
    rmSync(dataPath, { recursive: true, force: true });
  }

  async function scan(code: string | undefined, startedAt: number, number: string): Promise<void> {
    figures.qrMs.push(performance.now() - startedAt);
    await world.scan(number, code ?? '');
  }
}

/** Our direct children that were not there before are the browsers. */
function browsersPss(others: ReadonlySet<number>): number {
  return descendantsOf(process.pid)
    .filter((pid) => !others.has(pid))
    .reduce((sum, pid) => sum + pssOfOne(pid), 0);
}

function pssOfOne(pid: number): number {
  return pssOfTree(pid) - pssOfTree(pid, { withRoot: false });
}
