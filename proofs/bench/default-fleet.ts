import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorldClient } from '@top-active/local/client';
import type { Stack } from '@top-active/local/stack';
import type { Fleet } from './fleet.ts';
import type { LibraryEvent } from './library-messages.ts';
import { startLibraryProcess, type LibraryProcess } from './library-process.ts';
import { usageOfTree } from './process-usage.ts';
import { restartOf } from './restart.ts';

const fullBrowsers = ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', process.env.BENCH_CHROME ?? ''];
const qrTimeoutMs = 60_000;
const readyTimeoutMs = 120_000;
const countTimeoutMs = 600_000;
const linkAttempts = 3;

/** The browser that the library's own settings would start: full Chromium in its headless mode. */
export function fullChromium(): string | undefined {
  return fullBrowsers.find((path) => path && existsSync(path));
}

/** The same sessions on the same stand-in by the library's own defaults, in a process of their own as our host has. */
export function createDefaultFleet({ stack, executablePath }: { stack: Stack; executablePath: string }): Fleet {
  const world = createWorldClient(stack.worldOrigin);
  const dir = mkdtempSync(join(tmpdir(), 'bench-defaults-'));
  const phones: string[] = [];
  const qrMs: number[] = [];
  let failedLinks = 0;
  let host = start(0);

  function start(clients: number): LibraryProcess {
    const browserArgs = [...stack.whatsAppBrowserArgs];
    return startLibraryProcess(
      { dataPath: join(dir, 'auth'), executablePath, browserArgs, clients },
      // As our host has it.
      { NODE_COMPILE_CACHE: join(dir, 'compile-cache') },
    );
  }

  async function link(): Promise<void> {
    const client = phones.length;
    const number = `55119600${String(client).padStart(5, '0')}`;
    await world.addPhone({ number, name: `Default ${client}` });
    for (let attempt = 1; ; attempt++) {
      try {
        await tryToLink(client, number);
        break;
      } catch (error) {
        if (attempt === linkAttempts) throw error;
        failedLinks++;
      }
    }
    phones.push(number);
  }

  async function tryToLink(client: number, number: string): Promise<void> {
    const startedAt = Date.now();
    const readiness = ready(host, client);
    // Awaited below; until then its failure is nobody's.
    readiness.catch(() => undefined);
    const told = host.next((event) => (event.event === 'qr' && event.client === client ? event : undefined), {
      what: `a QR code for client ${client}`,
      timeoutMs: qrTimeoutMs,
    });
    host.send({ do: 'start', client });
    const { code, at } = await told;
    await world.scan(number, code);
    await readiness;
    qrMs.push(at - startedAt);
  }

  return {
    world,
    phones,
    qrMs,
    get failedLinks() {
      return failedLinks;
    },
    async grow(wanted) {
      if (phones.length === 0) await host.next(isUp, { what: "the library's process", timeoutMs: qrTimeoutMs });
      while (phones.length < wanted) await link();
    },
    async restart() {
      await host.end();
      const startedAt = Date.now();
      host = start(phones.length);
      const outcomes = await Promise.allSettled(phones.map((_, client) => ready(host, client)));
      return restartOf(startedAt, outcomes, usageOfTree(host.pid));
    },
    usage: () => usageOfTree(host.pid),
    expectMessages(wanted) {
      const told = host.next((event) => (event.event === 'messages' ? event.times : undefined), {
        what: `${wanted} messages`,
        timeoutMs: countTimeoutMs,
      });
      told.catch(() => undefined);
      host.send({ do: 'count', messages: wanted });
      return {
        async taken(timeoutMs) {
          const timer = setTimeout(() => host.send({ do: 'tell' }), timeoutMs);
          const times = await told;
          clearTimeout(timer);
          return { count: times.length, lastAt: Math.max(0, ...times) };
        },
      };
    },
    async close() {
      await host.end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Resolves with the moment when a client became ready. Rejects with what it failed of. */
function ready(host: LibraryProcess, client: number): Promise<number> {
  return host.next(settledOf(client), { what: `client ${client} to be ready`, timeoutMs: readyTimeoutMs });
}

function isUp(event: LibraryEvent): true | undefined {
  return event.event === 'up' ? true : undefined;
}

/** When a client became ready. @throws what it failed of */
function settledOf(client: number): (event: LibraryEvent) => number | undefined {
  return (event) => {
    if (event.event === 'ready' && event.client === client) return event.at;
    if (event.event === 'failed' && event.client === client) throw new Error(event.error);
    return undefined;
  };
}
