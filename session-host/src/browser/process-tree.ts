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
 * Kills browsers that an earlier run left behind. One that lives on would keep its WhatsApp session connected beside
 * ours.
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

/** A process and all that it started. */
export function descendantsOf(root: number, tree: ReadonlyMap<number, readonly number[]>): number[] {
  return [root, ...(tree.get(root) ?? []).flatMap((child) => descendantsOf(child, tree))];
}

/** Memory of a process and all its descendants, shared pages counted in parts (PSS). Bytes. */
export async function readPss(root: number, tree: ReadonlyMap<number, readonly number[]>): Promise<number> {
  const rollups = await Promise.all(descendantsOf(root, tree).map((pid) => readProc(pid, 'smaps_rollup')));
  return parsePss(rollups.join('\n'));
}

/** The sum over one or more `smaps_rollup`. Bytes. */
export function parsePss(rollups: string): number {
  return [...rollups.matchAll(/^Pss:\s+(\d+) kB$/gm)].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0);
}

/** Undefined when the process is gone. */
export async function uidOf(pid: number): Promise<number | undefined> {
  const uid = /^Uid:\t(\d+)/m.exec((await readProc(pid, 'status')) ?? '')?.[1];
  return uid === undefined ? undefined : Number(uid);
}

async function allPids(): Promise<number[]> {
  // Elsewhere than on Linux nothing is counted.
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Undefined when the process is gone or not ours to look at. */
async function readProc(pid: number, file: string): Promise<string | undefined> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => undefined);
}
