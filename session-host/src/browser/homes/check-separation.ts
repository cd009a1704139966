import { processesOf, runAs, type BrowserUser } from './browser-users.ts';

const timeoutMs = 10_000;

/**
 * Says what the user is, then what it can do that it must not. Arguments: processes of the host, `--`, hidden folders.
 */
const probe = `
cat /proc/self/status
while [ "$1" != -- ]; do
  for file in environ mem maps; do (: < "/proc/$1/$file") 2>/dev/null && echo "REACHES /proc/$1/$file"; done
  kill -0 "$1" 2>/dev/null && echo "REACHES process $1"
  shift
done
shift
for folder; do
  (cd "$folder") 2>/dev/null && echo "REACHES $folder"
  ls "$folder" >/dev/null 2>&1 && echo "REACHES the list of $folder"
done
:`;

/**
 * Proves with a process of each user that browsers are apart from the host: another user for good, no capability and no
 * way to one, no look at the host's environment or memory, no entrance to its folders.
 * @throws {Error} naming what doesn't hold and the remedy
 */
export async function checkSeparation({
  users,
  hidden,
}: {
  users: readonly BrowserUser[];
  hidden: readonly string[];
}): Promise<void> {
  const own = process.getuid?.();
  if (own === undefined || own === 0)
    throw new Error('BROWSER_USERS_DIR is set, so the host must run as an unprivileged user, not as root');
  // Whatever runs as the host's user may hold what the host holds; what the init process of a container was given is
  // what the host was given.
  const processes = new Set([process.pid, process.ppid, 1, ...(await processesOf(own))]);
  const args = [...[...processes].map(String), '--', ...hidden];
  await Promise.all(users.map((user) => checkUser(user, args)));
}

async function checkUser(user: BrowserUser, args: readonly string[]): Promise<void> {
  const said = await probeAs(user, args);
  const problems = [...said.matchAll(/^REACHES .+$/gm)].map(([line]) => line.replace('REACHES', 'reaches'));
  const ids = Array.from({ length: 4 }, () => user.uid).join('\t');
  if (!said.includes(`\nUid:\t${ids}\n`)) problems.push('keeps another user id');
  if (!said.includes(`\nGid:\t${ids}\n`)) problems.push('keeps another group id');
  if (/^Groups:.*\b0\b/m.test(said)) problems.push('is in the group of root');
  if (/^Cap(?:Inh|Prm|Eff|Amb):\t(?!0+$)/m.test(said)) problems.push('has capabilities');
  if (!/^NoNewPrivs:\t1$/m.test(said)) problems.push('may gain privileges');
  if (problems.length > 0)
    throw new Error(
      `Browsers are not apart from the host: a process of user ${user.uid} ${problems.join(', ')}. Drop all capabilities of the container, and keep the host's folders to its user (mode 700)`,
    );
}

async function probeAs(user: BrowserUser, args: readonly string[]): Promise<string> {
  try {
    return (await runAs(user, { argv: ['/bin/sh', '-c', probe, '-', ...args], timeoutMs })).toString();
  } catch (error) {
    throw new Error(
      `${user.executable} does not make a process of user ${user.uid}: the container must allow set-user-ID executables (no "no new privileges", no file system mounted nosuid)`,
      { cause: error },
    );
  }
}
