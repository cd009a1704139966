import { createHash } from 'node:crypto';
import { mkdir, readFile, readlink, realpath, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** Where a host runs: a folder on a local disk, which one host at a time may use. */
export interface Place {
  /** The instance that was here before. It has ended, since it held the place for as long as it lived. */
  readonly formerInstance: string | undefined;
  /** Leaves the proof for the next one. */
  record(instance: string): Promise<void>;
  leave(): Promise<void>;
}

const recordSchema = z.object({ instance: z.string(), kernel: z.string() });
const waitMs = 5_000;

/**
 * Takes the place for this process. The kernel lets it go when the process is gone, however it went: an abstract socket
 * is no file that stays behind. What the former instance left counts only if it ran under the same kernel since it
 * booted, and in the same network, where the name of the socket means the same; the folder may have been copied to
 * another machine.
 * @throws when another process keeps the place
 */
export async function takePlace(folder: string): Promise<Place> {
  const file = join(folder, 'instance.json');
  const kernel = await nameKernel();
  // Elsewhere than on Linux nothing can be proven.
  if (kernel === undefined) return { formerInstance: undefined, record: nothing, leave: nothing };
  const server = await holdName(await nameOf(folder));
  const former = await readRecord(file);
  return {
    formerInstance: former?.kernel === kernel ? former.instance : undefined,
    async record(instance) {
      await mkdir(folder, { recursive: true });
      await writeFile(file, JSON.stringify({ instance, kernel } satisfies z.infer<typeof recordSchema>), {
        mode: 0o600,
      });
    },
    leave: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function nothing(): Promise<void> {}

async function nameKernel(): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${boot.trim()} ${await readlink('/proc/self/ns/net')}`;
}

async function nameOf(folder: string): Promise<string> {
  const parent = await realpath(dirname(folder));
  const { dev, ino } = await stat(parent);
  const digest = createHash('sha256')
    .update(`${dev}:${ino}:${parent}/${basename(folder)}`)
    .digest('hex');
  return `\0top-active-session-host-${digest.slice(0, 32)}`;
}

/** Its former holder may still be leaving. */
async function holdName(path: string) {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const server = createServer((socket) => socket.destroy());
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen(path, () => resolve(undefined));
    });
    if (!error) return server.unref();
    if (error.code !== 'EADDRINUSE') throw error;
    if (performance.now() > deadline)
      throw new Error('Another session host uses SCRATCH_DIR. Give each host a folder of its own.');
    await delay(100);
  }
}

async function readRecord(file: string): Promise<z.infer<typeof recordSchema> | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // None, or half of one: nothing is proven.
    return undefined;
  }
}
