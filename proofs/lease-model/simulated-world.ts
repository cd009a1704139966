import { startSimulatedHost, type SimulatedHost } from './simulated-host.ts';
import { createSimulatedLeases, type Trip } from './simulated-leases.ts';
import { createSimulatedTime } from './simulated-time.ts';
import type { Variant } from './variant.ts';

export const shards = 3;
export const quick: Trip = { thereMs: 20, backMs: 20 };

type HostOptions = Parameters<typeof startSimulatedHost>[0];

export interface WorldOptions {
  /** Of the clock of the function that gives out shards. */
  skewMs?: number;
  trustsTakers?: boolean;
  variant?: Variant | undefined;
}

/** A world without faults but those that are asked for. */
export function startWorld({ skewMs = 0, trustsTakers = false, variant }: WorldOptions = {}) {
  const time = createSimulatedTime();
  const table = createSimulatedLeases(time, { shards, skewMs, trustsTakers, variant });
  const hosts: SimulatedHost[] = [];
  return {
    time,
    table,
    hosts,
    start(options: Partial<HostOptions> = {}): SimulatedHost {
      const instance = `instance-${hosts.length}`;
      const defaults = { hostId: 'a', instance, rate: 1, skewMs: 0, trip: () => quick, version: 'one', variant };
      const host = startSimulatedHost({ time, table, ...defaults, ...options });
      hosts.push(host);
      return host;
    },
    holders: (shard: number) => hosts.filter((host) => host.epochOf(shard) !== undefined),
    withBrowsers: (shard: number) => hosts.filter((host) => host.hasBrowsers(shard)),
    run: (ms: number, check = () => {}) => time.runUntil(time.now + ms, check),
  };
}

export type SimulatedWorld = ReturnType<typeof startWorld>;
