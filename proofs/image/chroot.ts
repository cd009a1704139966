import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.ts';

export interface ChrootOptions {
  root: string;
  machine: Machine;
  env: Record<string, string>;
  /** Inside. */
  folder?: string;
  user?: number;
  timeoutMs?: number;
}

const certificatesInside = '/run/machine-certificates.pem';

/**
 * Runs a shell command inside a root folder, in mounts of its own that end with it, on the machine's network.
 * @returns what it printed
 * @throws Error with the end of its output
 */
export function runInside(command: string, options: ChrootOptions): Promise<string> {
  const { root, machine, env, folder = '/', user = 0, timeoutMs = 600_000 } = options;
  if (machine.certificates && !existsSync(root + certificatesInside)) writeFileSync(root + certificatesInside, '');
  const mounts = [
    'mount --rbind /dev "$0/dev"',
    'mount -t proc proc "$0/proc"',
    'touch "$0/etc/resolv.conf" && mount --bind /etc/resolv.conf "$0/etc/resolv.conf"',
    'mount --bind /etc/apt/apt.conf.d "$0/etc/apt/apt.conf.d"',
    ...(machine.certificates ? [`mount --bind '${machine.certificates}' "$0${certificatesInside}"`] : []),
  ];
  const identity = user === 0 ? '' : `setpriv --reuid ${user} --regid ${user} --clear-groups -- `;
  const script = `set -e; ${mounts.join('; ')}; exec chroot "$0" ${identity}env -C "$1" /bin/sh -c "$2"`;
  const args = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', 'sh', '-c', script];
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', [...args, root, folder, command], {
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/root',
        DEBIAN_FRONTEND: 'noninteractive',
        ...(machine.certificates && { NODE_EXTRA_CA_CERTS: certificatesInside }),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let printed = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`Ended with ${signal ?? code}: ${command}\n${printed.slice(-2_000)}${said}`));
    });
  });
}
