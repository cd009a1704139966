/** What the worker tells its supervisor at each acknowledged heartbeat. */
export interface Deadline {
  /** By `machineNow`: the worker must be gone then, unless a later one was told. */
  killAt: number;
}

/** Monotonic milliseconds of this machine, the same in all its processes. */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export function isDeadline(message: unknown): message is Deadline {
  return typeof message === 'object' && message !== null && 'killAt' in message && typeof message.killAt === 'number';
}
