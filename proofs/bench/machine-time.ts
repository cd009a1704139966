import { readFileSync } from 'node:fs';
import { cpuMsOfTree } from './process-usage.ts';

/** What the machine's cores have done until a moment. */
export interface MachineTime {
  atMs: number;
  /** Of all cores, since the machine's begin. */
  busyMs: number;
  /** Of this process and all that it started, also what has ended since. */
  ownMs: number;
}

const msPerTick = 10;

/** Linux only. */
export function readMachineTime(): MachineTime {
  const [cpu = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  return { atMs: performance.now(), busyMs: busyTicksOf(cpu) * msPerTick, ownMs: cpuMsOfTree(process.pid) };
}

/** How many cores others were using between two moments: at 0 the machine was ours alone. */
export function coresUsedByOthers(from: MachineTime, to: MachineTime): number {
  const others = to.busyMs - from.busyMs - (to.ownMs - from.ownMs);
  return Math.max(0, others / (to.atMs - from.atMs));
}

/**
 * The line of all cores: user, nice, system, idle, iowait, irq, softirq, steal, and what is counted among user already.
 */
export function busyTicksOf(line: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}
