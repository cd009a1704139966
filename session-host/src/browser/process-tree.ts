import { readdir, readFile } from 'node:fs/promises';
import { killGroup } from './kill-group.ts';

/** Main processes of browsers whose profile is in `scratchDir`, whoever started them. Empty where there is no /proc. */
export async function findBrowsers(scratchDir: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await allPids()) {
    const args = (await readProc(pid, 'cmdline'))?.split('\0') ?? [];
    const isMain = !args.some((arg) => arg.startsWith('--type='));
    if (isMain && args.some((arg) => arg.startsWith(`--user-data-dir=${scratchDir}/`))) found.push(pid);
  }
  return found;
}

/**
 * Kills browsers that an earlier run left behind. One that lives on would keep its WhatsApp session connected beside ours.
 * @returns how many there were
 */
export async function killLeftOverBrowsers(scratchDir: string): Promise<number> {
  const pids = await findBrowsers(scratchDir);
  for (const pid of pids) {
    const isGone = async () => !(await findBrowsers(scratchDir)).includes(pid);
    if (!(await killGroup(pid, isGone))) throw new Error('A browser of an earlier run could not be killed');
  }
  return pids.length;
}

/** Children of every process, by parent. */
export async function readProcessTree(): Promise<Map<number, number[]>> {
  const children = new Map<number, number[]>();
  for (const pid of await allPids()) {
    const stat = await readProc(pid, 'stat');
    // The name, in parentheses, may hold anything; state and parent follow it.
    const parent = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (!Number.isInteger(parent)) continue;
    const siblings = children.get(parent);
    if (siblings) siblings.push(pid);
    else children.set(parent, [pid]);
  }
  return children;
}

/** Memory of a process and all its descendants, shared pages counted in parts (PSS). Bytes. */
export async function readPss(root: number, tree: ReadonlyMap<number, readonly number[]>): Promise<number> {
  const rollup = await readProc(root, 'smaps_rollup');
  const own = Number(/^Pss:\s+(\d+) kB$/m.exec(rollup ?? '')?.[1] ?? 0) * 1024;
  const below = await Promise.all((tree.get(root) ?? []).map((child) => readPss(child, tree)));
  return below.reduce((sum, bytes) => sum + bytes, own);
}

async function allPids(): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Undefined when the process is gone or not ours to look at. */
async function readProc(pid: number, file: string): Promise<string | undefined> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => undefined);
}
