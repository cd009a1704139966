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

/** Only for a host that did not come up whole. */
const moreRestarts = 3;

/**
 * Memory and restarts with more and more linked sessions; at the end customers write to `inbound.users` of them.
 * @param counts numbers of sessions at which is measured, ascending
 */
export async function measureFleet({
  fleet,
  counts,
  settleMs,
  restarts,
  inbound,
  beforeInbound = async () => {},
}: {
  fleet: Fleet;
  /** From the last link until memory is read: the browsers' engine collects what the start left behind by itself. */
  settleMs: number;
  counts: readonly number[];
  /** How often the host is restarted with each number of sessions. */
  restarts: number;
  inbound: InboundPlan;
  /** Measures something of its own, with all sessions ready. */
  beforeInbound?: (() => Promise<void>) | undefined;
}): Promise<FleetFigures> {
  const figures: FleetFigures = { qrMs: [], failedLinks: 0, usage: {}, restarts: {}, inbound: undefined };
  for (const count of counts) {
    await fleet.grow(count);
    await pause(settleMs);
    figures.usage[count] = fleet.usage();
    figures.restarts[count] = await restartOften(fleet, restarts);
    if (figures.restarts[count].at(-1)?.ready !== count) return finish();
  }
  await beforeInbound();
  figures.inbound = await measureInbound(fleet, inbound);
  return finish();

  function finish(): FleetFigures {
    return { ...figures, qrMs: [...fleet.qrMs], failedLinks: fleet.failedLinks };
  }
}

/** More often when the last one did not bring every session back: what follows needs them. */
async function restartOften(fleet: Fleet, times: number): Promise<Restart[]> {
  const made: Restart[] = [];
  const isWhole = () => made.at(-1)?.ready === made.at(-1)?.sessions;
  while (made.length < times || (!isWhole() && made.length < times + moreRestarts)) made.push(await fleet.restart());
  return made;
}
