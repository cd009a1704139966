import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

const debianKeys = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** What a rehearsal borrows of the machine it runs on: its way to Debian's and npm's packages. */
export interface Machine {
  /** The file with Debian's sources. */
  debianSources: string;
  mirror: string;
  /** npm's own folder. */
  npm: string;
  /** Certificates that this machine's network needs, if it needs any. */
  certificates: string | undefined;
}

/** @throws Error that says what is missing */
export function readMachine(): Machine {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('The rehearsal changes its root and mounts: run it as root, on Linux.');
  for (const command of ['debootstrap', 'unshare', 'nsenter', 'chroot', 'setpriv']) findCommand(command);
  const folder = '/etc/apt/sources.list.d';
  const debianSources = readdirSync(folder)
    .filter((name) => name.endsWith('.sources'))
    .map((name) => join(folder, name))
    .find((path) => readFileSync(path, 'utf8').includes(debianKeys));
  const mirror = debianSources && /^URIs:\s*(\S+)/m.exec(readFileSync(debianSources, 'utf8'))?.[1];
  if (!debianSources || !mirror)
    throw new Error(`No file in ${folder} names Debian's own sources (Signed-By: ${debianKeys}): run it on Debian.`);
  // …/npm/bin/npm-cli.js, wherever a link leads from.
  const npm = dirname(dirname(realpathSync(findCommand('npm'))));
  return { debianSources, mirror, npm, certificates: process.env.NODE_EXTRA_CA_CERTS };
}

function findCommand(name: string): string {
  const found = (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (found === undefined)
    throw new Error(`There is no ${name} here: apt-get install debootstrap util-linux coreutils.`);
  return found;
}
