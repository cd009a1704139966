import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFindings, type Finding } from '../restore-drill/findings.ts';
import type { BuiltImage } from './build-image.ts';
import { runInside } from './chroot.ts';
import type { Machine } from './machine.ts';

/**
 * Folders that an unprivileged process may write to; on Fargate the root is read-only, and only the mounted ones are
 * left.
 */
const writable = /^\/(?:scratch|tmp|var\/tmp|run\/lock|var\/lib\/session-host|home\/node|proc|dev|sys)(?:\/|$)/;

/** Looks at what the steps made. */
export async function inspectImage({
  image,
  machine,
  dockerfile,
}: {
  image: BuiltImage;
  machine: Machine;
  dockerfile: string;
}): Promise<Finding[]> {
  const findings = createFindings();
  const { root, env } = image;
  const inside = (command: string, user = 0) => runInside(command, { root, machine, env, user, timeoutMs: 120_000 });
  const linesOf = async (command: string, user = 0) => (await inside(command, user)).split('\n').filter(Boolean);
  const text = readFileSync(dockerfile, 'utf8');
  const names = [...text.matchAll(/^ {4}([a-z][a-z0-9.-]+)=\S+/gm)].map(([, name = '']) => name);
  const installed = await linesOf(`dpkg-query -W -f '\${Package} \${Version}\\n' ${names.join(' ')}`);
  const pinned = installed.map((line) => ({ name: line.split(' ')[0] ?? '', version: line.split(' ')[1] ?? '' }));

  await findings.check('Node is the version of the base', async () => {
    const seen = (await inside('node --version')).trim();
    return { ok: image.base.includes(`:${seen.slice(1)}-`), seen };
  });
  await findings.check('the browser finds all its libraries and is the version installed', async () => {
    const wanted = pinned.find(({ name }) => name.startsWith('chromium'))?.version.split('-')[0] ?? 'none';
    const missing = await linesOf(`ldd ${env.CHROMIUM_PATH} | grep 'not found' || true`);
    const seen = (await inside(`${env.CHROMIUM_PATH} --version`, image.user)).trim();
    return { ok: missing.length === 0 && seen.includes(wanted), seen: [seen, ...missing].join(', ') };
  });
  await findings.check(
    'every executable that changes its user is a browser user’s own, and none is root’s',
    async () => {
      const found = await linesOf("find / -xdev -type f -perm /6000 -printf '%p %u %g %m\\n'");
      const folder = env.BROWSER_USERS_DIR ?? '';
      const wrong = found.filter((line) => {
        const [path = '', uid = '', gid = '', mode] = line.split(' ');
        return path !== join(folder, uid) || uid !== gid || Number(uid) < 20_000 || mode !== '6711';
      });
      return {
        ok: found.length === 128 && wrong.length === 0,
        seen: [`${found.length}`, ...wrong.slice(0, 3)].join(', '),
      };
    },
  );
  await findings.check('the host’s user can write nowhere else than into its folders', async () => {
    const found = await linesOf('find / -xdev -writable ! -type l 2>/dev/null || true', image.user);
    const wrong = found.filter((path) => !writable.test(path));
    return {
      ok: wrong.length === 0,
      seen: wrong.length === 0 ? `${found.length} paths` : wrong.slice(0, 5).join(', '),
    };
  });
  await findings.check('no package manager of Node, no compiler, no tests are left', async () => {
    // Links to npm may stand, but lead nowhere: what isn't found can't be run.
    const tools = await linesOf(
      'for t in npm npx yarn corepack gcc make git curl wget; do command -v $t || true; done',
    );
    const tests = await linesOf("find /app -path '*/node_modules' -prune -o -name '*.test.ts' -print");
    const dev = await linesOf('ls /app/node_modules | grep -x -e typescript -e vitest -e aws-cdk-lib || true');
    const left = [...tools, ...tests, ...dev];
    return { ok: left.length === 0, seen: left.length === 0 ? 'none' : left.slice(0, 5).join(', ') };
  });
  await findings.check('the same versions exist for arm64, which Fargate runs', async () => {
    const looks = pinned.map(
      ({ name, version }) =>
        `{ apt-cache show ${name}:arm64=${version} | grep ^Package || apt-cache show ${name}=${version} | grep -x 'Architecture: all'; } >/dev/null 2>&1 || echo ${name}`,
    );
    const missing = await linesOf(
      `dpkg --add-architecture arm64; apt-get update >/dev/null; ${looks.join('; ')}; rm -rf /var/lib/apt/lists/*`,
    );
    return { ok: missing.length === 0, seen: missing.join(', ') || `${pinned.length} packages` };
  });
  await findings.check('size', async () => {
    const [all, modules] = (await linesOf('du -sxm / | cut -f1; du -sxm /app/node_modules | cut -f1')).map(Number);
    return { ok: true, seen: `${all} MB, of which ${modules} MB node_modules` };
  });
  return findings.all;
}
