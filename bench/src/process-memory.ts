import { readdirSync, readFileSync } from 'node:fs';

/**
 * Proportional set size of a process and all its descendants, in MB (1,000,000 bytes). Shared pages count in
 * proportion, so that sums over several browsers are true. Linux only.
 */
export function pssOfTree(pid: number, { withRoot = true } = {}): number {
  const pids = descendantsOf(pid);
  return (withRoot ? [pid, ...pids] : pids).reduce((sum, one) => sum + pssOf(one), 0);
}

/** All descendants of a process, by one pass over /proc. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = parentOf(Number(entry));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found: number[] = [];
  const queue = [...(children.get(pid) ?? [])];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    found.push(next);
    queue.push(...(children.get(next) ?? []));
  }
  return found;
}

function parentOf(pid: number): number | undefined {
  const stat = readProc(pid, 'stat');
  // The command's name is in parentheses and may hold spaces: the parent follows the last one, after the state.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function pssOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readProc(pid, 'smaps_rollup') ?? '')?.[1];
  return kilobytes ? (Number(kilobytes) * 1024) / 1e6 : 0;
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // Processes end while they are looked at.
    return undefined;
  }
}
