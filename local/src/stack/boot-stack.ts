import { randomBytes } from 'node:crypto';
import type { FunctionName } from '@top-active/lambdas/functions';
import type { AccessEvent, Denial } from '@top-active/cloud/iam';
import { freePort, PortTakenError } from '@top-active/cloud/loopback';
import type { CloudMeter } from '@top-active/cloud/metering';
import { bootApp } from './boot-app.ts';
import { bootCloud, type Cloud } from './boot-cloud.ts';
import { bootMailbox, bootWorld } from './boot-world.ts';
import { createClosers } from './closers.ts';
import { createOperatorFacts } from './operator-facts.ts';
import { liveProviders } from './providers.ts';
import type { SessionHostProcess } from './session-host-process.ts';
import type { PageChanges } from '@top-active/world/whatsapp';
import type { OnSlow } from './slow-wait.ts';
import { StackError } from './stack-error.ts';
import { openStateFolder } from './state-folder.ts';

export interface BootOptions {
  /** Folder of all state; made when absent. */
  dir: string;
  /** Absent: a free one. */
  port?: number | undefined;
  /** Of the simulated world. Absent: the next one after `port`, or a free one. */
  worldPort?: number | undefined;
  /** Throws the folder's state away first. */
  fresh?: boolean | undefined;
  /** The real WhatsApp, Google and OpenAI instead of the simulated ones. */
  live?: boolean | undefined;
  /** The page that the simulated WhatsApp serves; absent: the one that it served last. */
  page?: PageChanges | undefined;
  /** The session host starts only when it is told to. */
  holdHost?: boolean | undefined;
  /** Wraps each step of booting, to show it. */
  onStep?: (<T>(title: string, work: () => Promise<T>) => Promise<T>) | undefined;
  /** Told every 15 s of what takes long. */
  onSlow?: OnSlow | undefined;
  /** Counts what AWS would bill. The caller closes it after the stack. */
  meter?: CloudMeter | undefined;
  /** Every access to the embedded cloud that its policies were asked about. */
  onAccess?: ((event: AccessEvent) => void) | undefined;
  /** Log lines (JSON) of functions and session host. */
  onLog?: ((line: string) => void) | undefined;
}

export interface Stack {
  /** Where people open the app. */
  appOrigin: string;
  /** Phones, mailbox, consent pages and the control interface. */
  worldOrigin: string;
  live: boolean;
  cloud: Cloud;
  sessionHost: SessionHostProcess;
  /** What a browser needs to take the simulated WhatsApp for the real one. */
  whatsAppBrowserArgs: string[];
  /** Runs a function that waits for its schedule, now. @throws what the function throws */
  run(name: FunctionName): Promise<void>;
  /** Ends everything; sessions are checkpointed first. */
  close(): Promise<void>;
}

/**
 * Boots the whole product on this machine: embedded cloud, simulated world, functions, session host, app.
 * @throws StackError naming what is in the way and the remedy. Nothing is left running then.
 */
export async function bootStack(options: BootOptions): Promise<Stack> {
  const { dir, port, fresh, live = false, meter, onStep = (_, work) => work(), onLog = () => undefined } = options;
  const { onSlow = () => undefined } = options;
  const closers = createClosers();
  const onError = (error: unknown) => onLog(errorLine(error));
  try {
    const state = openStateFolder({ dir, fresh });
    closers.add(() => state.release());
    const appPort = port ?? (await freePort());
    const worldPort = options.worldPort ?? (port ? port + 1 : await freePort());
    const appOrigin = `http://127.0.0.1:${appPort}`;
    const mailbox = bootMailbox({ state, closers });
    const cloud = await onStep('Embedded cloud', () =>
      bootCloud({
        state,
        closers,
        onEmail: (mail) => mailbox.deliver(mail),
        onError,
        meter,
        onSlow,
        onAccess: options.onAccess,
        onDenied: (denial) => onLog(denialLine(denial)),
      }),
    );
    const facts = createOperatorFacts(cloud, { openAiModel: live ? process.env.OPENAI_MODEL : undefined });
    const world = await onStep(live ? 'Mailbox' : 'Simulated WhatsApp, Google and OpenAI', () =>
      bootWorld({
        state,
        closers,
        mailbox,
        port: worldPort,
        appOrigin,
        simulate: !live,
        page: options.page,
        operatorFacts: facts.read,
      }),
    );
    const providers = live ? liveProviders(process.env) : world.providers;
    const { sessionHost, run } = await onStep('Functions, session host and app', () =>
      bootApp({
        state,
        closers,
        cloud,
        providers,
        port: appPort,
        originSecret: randomBytes(24).toString('hex'),
        meter,
        holdHost: options.holdHost,
        onLog(line) {
          facts.hear(line);
          onLog(line);
        },
        onError,
        onSlow,
      }),
    );
    return {
      appOrigin,
      worldOrigin: world.origin,
      live,
      cloud,
      sessionHost,
      whatsAppBrowserArgs: providers.browserArgs,
      run,
      close: () => closers.closeAll(),
    };
  } catch (error) {
    await closers.closeAll();
    throw explain(error);
  }
}

function denialLine({ principal, action, resource, reason, near }: Denial): string {
  return JSON.stringify({ level: 'WARN', message: 'Access denied', principal, action, resource, reason, near });
}

function errorLine(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
  return JSON.stringify({ level: 'ERROR', message: 'Embedded cloud', error: String(error), cause });
}

/** Every failure with a remedy of its own becomes one that the command line can show. */
function explain(error: unknown): unknown {
  if (error instanceof PortTakenError)
    return new StackError(error.message, 'Stop that process, or use another port: npm start -- --port N', error);
  if (isDiskFull(error)) return new StackError('The disk is full.', 'Free some space and start again.', error);
  if (isCorrupt(error))
    return new StackError(
      'The state folder is damaged.',
      'Start over with: npm start -- --fresh (this deletes what was linked and stored locally).',
      error,
    );
  if (error instanceof Error && 'remedy' in error && typeof error.remedy === 'string' && !(error instanceof StackError))
    return new StackError(error.message, error.remedy, error);
  return error;
}

function isDiskFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    (/ENOSPC|database or disk is full/.test(error.message) || ('code' in error && error.code === 'ENOSPC'))
  );
}

function isCorrupt(error: unknown): boolean {
  return error instanceof Error && /file is not a database|database disk image is malformed/.test(error.message);
}
