import { createMailbox, createMailboxControl, type Mailbox } from '@top-active/world/mailbox';
import { createGoogleControl, createGoogleWorld } from '@top-active/world/google';
import { createOpenAiControl, createOpenAiWorld } from '@top-active/world/openai';
import { createWhatsAppControl, createWhatsAppWorld, type PageChanges } from '@top-active/world/whatsapp';
import type { OperatorFacts } from '@top-active/aws';
import { Hono } from 'hono';
import type { Closers } from './closers.ts';
import { simulatedGoogleClientId, simulatedProviders, type Providers } from './providers.ts';
import type { StateFolder } from './state-folder.ts';
import { startWorldServer } from './world-server.ts';

// Not a secret: the simulated Google runs on this machine alone.
const simulatedClientSecret = 'simulated-client-secret';

/** The mailbox comes first: the embedded cloud writes into it. */
export function bootMailbox({ state, closers }: { state: StateFolder; closers: Closers }): Mailbox {
  const mailbox = createMailbox({ dir: state.part('mailbox') });
  closers.add(() => mailbox.close());
  return mailbox;
}

export interface BootWorldOptions {
  state: StateFolder;
  closers: Closers;
  mailbox: Mailbox;
  port: number;
  appOrigin: string;
  /** False: the mailbox alone, since the rest of the world is the real one. */
  simulate: boolean;
  /** The page that the simulated WhatsApp serves; absent: the one that it served last. */
  page?: PageChanges | undefined;
  /** What the operator's doctor asks for. */
  operatorFacts: () => Promise<OperatorFacts>;
}

/** Starts the simulated outside world, and says how the product reaches it. */
export async function bootWorld(options: BootWorldOptions): Promise<{ origin: string; providers: Providers }> {
  const { mailbox, closers, port, appOrigin, simulate, operatorFacts } = options;
  const mounts: Record<string, Hono> = {
    '/mailbox': mailbox.app,
    '/control/mailbox': createMailboxControl(mailbox),
    '/control/operator': new Hono().get('/', async (c) => c.json(await operatorFacts())),
  };
  const browserArgs = simulate ? await simulateProviders(mounts, options) : [];
  const server = await startWorldServer({ port, appOrigin, mounts });
  closers.add(() => server.close());
  return {
    origin: server.origin,
    providers: simulatedProviders({ worldOrigin: server.origin, browserArgs, clientSecret: simulatedClientSecret }),
  };
}

async function simulateProviders(
  mounts: Record<string, Hono>,
  { state, closers, appOrigin, page }: BootWorldOptions,
): Promise<string[]> {
  const whatsApp = await createWhatsAppWorld({ dir: state.part('whatsapp'), page });
  closers.add(() => whatsApp.close());
  const google = createGoogleWorld({ dir: state.part('google') });
  closers.add(() => google.close());
  google.registerClient({
    clientId: simulatedGoogleClientId,
    clientSecret: simulatedClientSecret,
    redirectUris: [`${appOrigin}/api/google/callback`],
    name: 'Top Active WhatsApp',
  });
  const openAi = createOpenAiWorld({ dir: state.part('openai') });
  closers.add(() => openAi.close());
  Object.assign(mounts, {
    '/google': google.app,
    '/openai': openAi.app,
    '/control/whatsapp': createWhatsAppControl(whatsApp),
    '/control/google': createGoogleControl(google),
    '/control/openai': createOpenAiControl(openAi),
  });
  return whatsApp.chromiumArgs;
}
