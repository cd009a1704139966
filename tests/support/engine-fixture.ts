import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logger } from '@top-active/aws';
import {
  createSharedUserHomes,
  createWhatsAppWebEngine,
  guardRejections,
  runInSession,
  type BrowserHome,
  type EngineEvent,
  type EngineSession,
} from '@top-active/session-host/engine';
import { expect, vi } from 'vitest';
import { createWhatsAppWorld, type PageChanges, type WhatsAppWorld } from '@top-active/world/whatsapp';
import { pageOfRun } from '@top-active/world/whatsapp/test-support/page-of-run';
import { createClosers } from '@top-active/local/stack/closers';
import { ana, owner } from './session-host-fixture.ts';

type EngineTimes = NonNullable<Parameters<typeof createWhatsAppWebEngine>[0]['times']>;
type EventType = EngineEvent['type'];

interface StartOptions {
  /** Where WhatsApp's address leads instead of to its page. */
  port?: number;
  /** Repairs of the page that are switched off, by name, besides those of the whole run. */
  repairsOff?: readonly string[];
}

/** One session of the engine in one browser, and everything that it told. */
export interface WatchedSession {
  session: EngineSession;
  events: EngineEvent[];
  /** Rejections of the library that nobody handled. */
  unhandled: string[];
  /** How often it told this. */
  count(type: EventType): number;
  /** The next event of a type after the call, or an earlier one with `from: 0`. */
  next<T extends EventType>(
    type: T,
    options?: { from?: number; timeoutMs?: number },
  ): Promise<Extract<EngineEvent, { type: T }>>;
}

/** The session host's engine before the simulated WhatsApp, with neither cloud nor host: its times can be short. */
export interface EngineFixture {
  world: WhatsAppWorld;
  newHome(): Promise<BrowserHome>;
  /** Starts a session; its profile stays in the home for the next one. */
  start(home: BrowserHome, times?: EngineTimes, options?: StartOptions): WatchedSession;
  /** Starts a session, links it, and waits until it is ready. */
  link(home: BrowserHome, times?: EngineTimes): Promise<WatchedSession>;
  close(): Promise<void>;
}

const quick: EngineTimes = {
  startTimeoutMs: 20_000,
  heartbeatMs: 100,
  heartbeatWhileLinkingMs: 100,
  heartbeatTimeoutMs: 5_000,
  announceAfterMs: 300,
  announceWhileAttachingAfterMs: 5_000,
  sendTimeoutMs: 8_000,
  stopTimeoutMs: 5_000,
  probeAgainMs: 200,
  probeForMs: 2_000,
};

/**
 * Repairs that a whole run does without: `REPAIRS_OFF=message-keys,whats-new npx vitest run …` shows which tests are
 * theirs.
 */
function repairsOffInRun(): string[] {
  return (process.env.REPAIRS_OFF ?? '').split(',').filter(Boolean);
}

/** `page`: the page that WhatsApp serves; `PAGE_BUILD` tells the build for a whole run. */
export async function startEngineFixture({ page }: { page?: PageChanges } = {}): Promise<EngineFixture> {
  const closers = createClosers();
  const dir = await mkdtemp(join(tmpdir(), 'engine-'));
  closers.add(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const world = await createWhatsAppWorld({ dir: join(dir, 'whatsapp'), page: pageOfRun(page) });
  closers.add(() => world.close());
  world.addPhone({ number: owner, name: 'Clínica Aurora' });
  world.addPhone({ number: ana, name: 'Ana' });
  const homes = createSharedUserHomes({ scratchDir: join(dir, 'scratch'), setprivPath: '/usr/bin/setpriv' });
  await homes.prepare();
  closers.add(() => homes.close());
  const strangers: unknown[] = [];
  closers.add(guardRejections((error) => strangers.push(error)));
  closers.add(() => expect(strangers).toEqual([]));

  function start(
    home: BrowserHome,
    times: EngineTimes = {},
    { port = world.port, repairsOff = [] }: StartOptions = {},
  ): WatchedSession {
    const events: EngineEvent[] = [];
    const unhandled: string[] = [];
    const log = {
      ...logger,
      warn: (_message: string, _data: unknown, error: unknown) => unhandled.push(String(error)),
    };
    const engine = createWhatsAppWebEngine({
      browser: {
        chromiumPath: '/usr/lib/chromium/chromium-headless-shell',
        chromiumVersion: '156.0.0.0',
        extraArgs: world.chromiumArgs.map((arg) => arg.replaceAll(`:${world.port}`, `:${port}`)),
      },
      times: { ...quick, ...times },
      repairs: { off: [...repairsOffInRun(), ...repairsOff] },
    });
    const session = runInSession({ log }, () => engine.start({ home, onEvent: (event) => events.push(event) }));
    closers.add(() => session.stop());
    return {
      session,
      events,
      unhandled,
      count: (type) => events.filter((event) => event.type === type).length,
      next(type, { from = events.length, timeoutMs = 15_000 } = {}) {
        const isWanted = (event: EngineEvent): event is Extract<EngineEvent, { type: typeof type }> =>
          event.type === type;
        return vi.waitFor(
          () => {
            const found = events.slice(from).find(isWanted);
            if (found) return found;
            throw new Error(`${type} was not told, but ${events.map((event) => event.type).join(', ')}`);
          },
          { timeout: timeoutMs, interval: 20 },
        );
      },
    };
  }

  return {
    world,
    newHome: () => homes.open(undefined),
    start,
    async link(home, times) {
      const watched = start(home, times);
      const { code } = await watched.next('qr', { from: 0 });
      world.scan(owner, code);
      await watched.next('ready', { from: 0 });
      return watched;
    },
    close: () => closers.closeAll(),
  };
}
