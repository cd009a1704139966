import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';
import { measureInbound, type InboundFigures, type InboundPlan } from './inbound.ts';
import type { HostUsage } from './process-usage.ts';
import type { Restart } from './restart.ts';

export interface FleetFigures {
  qrMs: readonly number[];
  failedLinks: number;
  /** Of the host with its browsers, by number of linked sessions. */
  usage: Record<number, HostUsage>;
  restarts: Record<number, Restart[]>;
  inbound: InboundFigures | undefined;
}

const settleMs = 5_000;
/** Only for a host that did not come up whole. */
const moreRestarts = 3;

/**
 * Memory while sessions are linked one after another; then, with fewer and fewer sessions, restarts; at `inbound.users` of them customers write.
 * @param counts numbers of sessions at which is measured, ascending
 */
export async function measureFleet({
  fleet,
  counts,
  restarts,
  inbound,
  onRestarted = async () => {},
}: {
  fleet: Fleet;
  counts: readonly number[];
  /** How often the host is restarted with each number of sessions. */
  restarts: number;
  inbound: InboundPlan;
  /** Measures something of its own with so many sessions, before customers write. */
  onRestarted?: ((count: number) => Promise<void>) | undefined;
}): Promise<FleetFigures> {
  const figures: FleetFigures = { qrMs: [], failedLinks: 0, usage: {}, restarts: {}, inbound: undefined };
  for (const count of counts) {
    await fleet.grow(count);
    await pause(settleMs);
    figures.usage[count] = fleet.usage();
  }
  figures.qrMs = [...fleet.qrMs];
  figures.failedLinks = fleet.failedLinks;
  for (const count of counts.toReversed()) {
    await fleet.shrink(count);
    const made: Restart[] = [];
    for (let i = 0; i < restarts; i++) made.push(await fleet.restart());
    figures.restarts[count] = made;
    const isWhole = () => made.at(-1)?.ready === count;
    if (count === inbound.users) {
      for (let i = 0; i < moreRestarts && !isWhole(); i++) made.push(await fleet.restart());
      if (isWhole()) {
        await onRestarted(count);
        figures.inbound = await measureInbound(fleet, inbound);
      }
    }
  }
  return figures;
}
