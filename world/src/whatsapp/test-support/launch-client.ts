import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import whatsapp, { type Client, type ClientOptions, type Message } from 'whatsapp-web.js';
import type { WhatsAppWorld } from '../server.ts';

/** The unmodified library in real Chromium, looking at a simulated world. */
export interface LaunchedClient {
  client: Client;
  profile: string;
  /** Names of the events so far, in order. */
  log: string[];
  /** QR codes so far. */
  qrs: string[];
  messages: Message[];
  /** The profile stays, for a later launch. */
  close(): Promise<void>;
}

export interface LaunchOptions {
  world: WhatsAppWorld;
  /** An existing profile; a new one by default. */
  profile?: string | undefined;
  options?: Partial<ClientOptions> | undefined;
  /** Don't wait for `initialize`, which can fail where a fault is on. */
  background?: boolean | undefined;
}

export const chromium = '/usr/lib/chromium/chromium-headless-shell';

export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--in-process-gpu',
  '--enable-features=NetworkServiceInProcess2',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--mute-audio',
];

const recorded = [
  'loading_screen',
  'authenticated',
  'auth_failure',
  'ready',
  'disconnected',
  'change_state',
  'code',
  'message',
  'message_create',
  'message_ack',
  'message_edit',
  'message_reaction',
  'message_revoke_everyone',
  'unread_count',
  'contact_changed',
] as const;

const profiles: string[] = [];
const running = new Set<LaunchedClient>();

export async function newProfile(): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'whatsapp-stand-in-'));
  profiles.push(profile);
  return profile;
}

export async function launchClient({ world, profile, options, background }: LaunchOptions): Promise<LaunchedClient> {
  const userDataDir = profile ?? (await newProfile());
  const client = new whatsapp.Client({
    webVersionCache: { type: 'none' },
    authTimeoutMs: 20_000,
    puppeteer: {
      executablePath: chromium,
      userDataDir,
      headless: 'shell',
      // Puppeteer hands over its whole environment otherwise.
      env: { PATH: '/usr/bin:/bin', HOME: userDataDir, TZ: 'UTC', LANG: 'C.UTF-8' },
      args: [...world.chromiumArgs, ...chromiumArgs],
    },
    ...options,
  });
  const launched: LaunchedClient = {
    client,
    profile: userDataDir,
    log: [],
    qrs: [],
    messages: [],
    async close() {
      running.delete(launched);
      await client.destroy();
    },
  };
  running.add(launched);
  record(launched);
  const started = client.initialize();
  if (background === true) started.catch((error: unknown) => launched.log.push(`initialize failed: ${String(error)}`));
  else await started;
  return launched;
}

function record({ client, log, qrs, messages }: LaunchedClient): void {
  client.on('qr', (qr: string) => {
    log.push('qr');
    qrs.push(qr);
  });
  client.on('message', (message: Message) => messages.push(message));
  for (const name of recorded) {
    client.on(name, (...args: unknown[]) => {
      const [first] = args;
      const detail = ['change_state', 'disconnected', 'loading_screen'].includes(name) ? ` ${String(first)}` : '';
      log.push(`${name}${detail}`);
    });
  }
}

/** Ends every browser that is still open, and removes every profile that was made. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((launched) => launched.close()));
  await Promise.all(profiles.splice(0).map((profile) => rm(profile, { recursive: true, force: true, maxRetries: 5 })));
}
