import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInside } from './chroot.ts';
import type { Machine } from './machine.ts';

const run = promisify(execFile);

/**
 * What stands in for the base image: Debian's smallest system by debootstrap, with Node, npm and the user `node` where
 * the official image has them.
 * @param image as the Dockerfile names it: must be a Debian release and this process's version of Node
 */
export async function makeBase({
  root,
  image,
  machine,
}: {
  root: string;
  image: string;
  machine: Machine;
}): Promise<void> {
  const [, version, release] = /node:([\d.]+)-([a-z]+)-slim(?:@.*)?$/.exec(image) ?? [];
  if (!version || !release) throw new Error(`${image} is no image of Node on Debian: teach base-image.ts about it.`);
  if (process.versions.node !== version)
    throw new Error(`The image has Node ${version}, this process is ${process.versions.node}: bring them together.`);
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', release, root, machine.mirror], {
    timeout: 600_000,
    maxBuffer: 1e8,
  });
  const local = join(root, 'usr/local');
  copyFileSync(process.execPath, join(local, 'bin/node'));
  chmodSync(join(local, 'bin/node'), 0o755);
  mkdirSync(join(local, 'lib/node_modules'), { recursive: true });
  cpSync(machine.npm, join(local, 'lib/node_modules/npm'), { recursive: true, dereference: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
  const user = 'groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node';
  await runInside(user, { root, machine, env: {} });
}
