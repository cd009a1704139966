import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

/** What processes take. */
interface Usage {
  /** Proportional set size in MB (1,000,000 bytes): shared pages count in proportion, so that sums are true. */
  pssMb: number;
  /** Of one core, user and system, since the processes' begin. Milliseconds. */
  cpuMs: number;
}

/** A host and its browsers: processes of this very Node, and all others. */
export interface HostUsage {
  node: Usage;
  browsers: Usage;
}

/** Linux counts a process's time in hundredths of a second, whatever the kernel's own tick is. */
const msPerTick = 10;
const nodeExecutable = realpathSync(process.execPath);

/** Usage of a process and all its descendants. Linux only. */
export function usageOfTree(pid: number): HostUsage {
  const usage: HostUsage = { node: { pssMb: 0, cpuMs: 0 }, browsers: { pssMb: 0, cpuMs: 0 } };
  for (const one of [pid, ...descendantsOf(pid)]) {
    const sum = executableOf(one) === nodeExecutable ? usage.node : usage.browsers;
    sum.pssMb += pssOf(one);
    sum.cpuMs += cpuOf(one);
  }
  return usage;
}

/**
 * CPU time of a process and all its descendants, also of those that have ended and were waited for. Milliseconds of one
 * core.
 */
export function cpuMsOfTree(pid: number): number {
  return [pid, ...descendantsOf(pid)].reduce((sum, one) => sum + cpuOf(one, { withEnded: true }), 0);
}

/** All descendants of a process, by one pass over /proc. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(statOf(Number(entry))[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found: number[] = [];
  const queue = [...(children.get(pid) ?? [])];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    found.push(next);
    queue.push(...(children.get(next) ?? []));
  }
  return found;
}

/**
 * What stands behind the command's name: it is in parentheses and may hold spaces. State and parent come first. Empty
 * when the process is gone.
 */
function statOf(pid: number): string[] {
  const stat = readProc(pid, 'stat');
  return stat === undefined ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function cpuOf(pid: number, { withEnded = false } = {}): number {
  // User and system; then the same of children that have ended.
  const ticks = statOf(pid)
    .slice(11, withEnded ? 15 : 13)
    .map(Number);
  return ticks.reduce((sum, one) => sum + one, 0) * msPerTick;
}

function pssOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readProc(pid, 'smaps_rollup') ?? '')?.[1];
  return kilobytes ? (Number(kilobytes) * 1024) / 1e6 : 0;
}

function executableOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // Processes end while they are looked at.
    return undefined;
  }
}
