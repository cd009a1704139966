import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Closers } from '@top-active/local/stack/closers';
import type { Stage } from './boot-stage.ts';
import { openLink, type CuttableLink } from './cuttable-link.ts';

const main = fileURLToPath(new URL('../../session-host/src/main.ts', import.meta.url));
const troubleDisk = new URL('trouble-disk.mjs', import.meta.url).href;
/** Until a task that has ended is replaced. */
const replaceAfterMs = 5_000;

/** One task, from its start to its end: it never comes back, another one takes its place. */
export interface Host {
  readonly name: string;
  readonly links: Record<'dynamodb' | 'sqs' | 'whatsapp', CuttableLink>;
  readonly supervisor: number;
  /** Undefined while it has none. */
  readonly worker: number | undefined;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
  /** It was told, or made, to end. */
  isEnding: boolean;
}

export interface Fleet {
  /** Those that run. */
  hosts(): readonly Host[];
  start(): Promise<Host>;
  /** Ends all in order. */
  stop(): Promise<void>;
}

/**
 * Session hosts on this machine, run as an orchestrator does: whoever ends is replaced, by a task with a name and a
 * disk of its own.
 */
export function createFleet({
  stage,
  closers,
  diskFile,
  onLog,
}: {
  stage: Stage;
  closers: Closers;
  /** What it says is what is wrong with the folder of checkpoints. */
  diskFile: string;
  onLog: (host: string, line: string) => void;
}): Fleet {
  const running = new Map<Host, ChildProcess>();
  let isStopping = false;
  let count = 0;

  async function start(): Promise<Host> {
    const name = `task${++count}`;
    const links = {
      dynamodb: await openLink({ port: portOf(stage.cloud.endpoints.dynamodb) }),
      sqs: await openLink({ port: portOf(stage.cloud.endpoints.sqs) }),
      whatsapp: await openLink({ port: stage.world.port }),
    };
    for (const link of Object.values(links)) closers.add(() => link.close());
    const env = environment(name, links);
    // A process group of its own: Ctrl-C is for the one who directs.
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => onLog(name, line));
    const supervisor = child.pid ?? 0;
    const host: Host = {
      name,
      links,
      supervisor,
      gone,
      isEnding: false,
      get worker() {
        return childrenOf(supervisor)[0];
      },
    };
    running.set(host, child);
    void gone.then(() => replace(host));
    return host;
  }

  function environment(name: string, links: Host['links']): Record<string, string> {
    const { cloud, world } = stage;
    const env = stage.environmentOf(name);
    const throughSqs = (url: string) => url.replace(`:${portOf(cloud.endpoints.sqs)}`, `:${links.sqs.port}`);
    return {
      ...env,
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${links.dynamodb.port}`,
      AWS_ENDPOINT_URL_SQS: throughSqs(cloud.endpoints.sqs),
      WAKE_QUEUE_URL_TEMPLATE: throughSqs(env.WAKE_QUEUE_URL_TEMPLATE ?? ''),
      BROWSER_ARGS: (env.BROWSER_ARGS ?? '').replaceAll(`127.0.0.1:${world.port}`, `127.0.0.1:${links.whatsapp.port}`),
      SCRATCH_DIR: stage.state.part(`scratch-${name}`),
      NODE_OPTIONS: `--import=${troubleDisk}`,
      CHAOS_DISK: diskFile,
      HOST_VERSION: 'chaos',
    };
  }

  function replace(host: Host): void {
    running.delete(host);
    for (const link of Object.values(host.links)) link.mend();
    if (isStopping) return;
    setTimeout(() => {
      if (!isStopping) start().catch((error: unknown) => onLog(host.name, String(error)));
    }, replaceAfterMs);
  }

  async function stop(): Promise<void> {
    isStopping = true;
    const ending = [...running];
    for (const [, child] of ending) child.kill('SIGTERM');
    const hurry = setTimeout(() => {
      for (const [host, child] of ending) {
        const { worker } = host;
        if (worker !== undefined) process.kill(worker, 'SIGCONT');
        child.kill('SIGKILL');
      }
    }, 40_000);
    await Promise.all(ending.map(([{ gone }]) => gone));
    clearTimeout(hurry);
  }

  closers.add(stop);
  return { hosts: () => [...running.keys()], start, stop };
}

function portOf(endpoint: string): number {
  return Number(new URL(endpoint).port);
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map(Number);
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
