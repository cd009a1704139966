import { setTimeout as pause } from 'node:timers/promises';
import { usageBetween, type Amounts, type Meter, type Usage } from '@top-active/cloud/metering';

/**
 * Whether the stack does this periodically, even if nothing happens. It belongs to no flow, and doesn't show that one
 * goes on.
 */
export function isPeriodic({ service, action, resource }: Usage): boolean {
  return (
    service === 'dynamodb-streams' ||
    action === 'ReceiveMessage (empty)' ||
    /^(maintenance|erasure)$/.test(resource) ||
    /^(placements|erasures|leases)\b/.test(resource) ||
    /^items (PENDING|WHATSAPP|CHECKPOINT)$/.test(resource)
  );
}

/** Whether a host does this periodically for its shards. It belongs to no flow that happens meanwhile. */
function isHeartbeat({ action, resource }: Usage): boolean {
  return resource === 'leases' && (action === 'UpdateItem' || action === 'Scan');
}

const pollMs = 100;
const patienceMs = 90_000;

/**
 * Does something and tells what it took, once nothing more happened because of it for `quietMs`.
 * @throws Error when that doesn't come to rest
 */
export async function measureFlow(
  meter: Meter,
  { run, quietMs }: { run: () => Promise<unknown>; quietMs: number },
): Promise<Usage[]> {
  const before = meter.read();
  await run();
  await untilQuiet(meter, quietMs);
  return usageBetween(before, meter.read()).filter((usage) => !isHeartbeat(usage));
}

/** Until nothing but clockwork was counted for `quietMs`. */
export async function untilQuiet(meter: Meter, quietMs: number): Promise<void> {
  const began = performance.now();
  let seen = fingerprint(meter);
  for (let since = performance.now(); performance.now() - since < quietMs;) {
    if (performance.now() - began > patienceMs) throw new Error('The stack does not come to rest');
    await pause(pollMs);
    const now = fingerprint(meter);
    if (now !== seen) since = performance.now();
    seen = now;
  }
}

function fingerprint(meter: Meter): string {
  return JSON.stringify(meter.read().filter((usage) => !isPeriodic(usage) && usage.service !== 'logs'));
}

/** Of several runs of one flow the least of each amount: what happened beside it in one of them drops out. */
export function leastOf(runs: readonly (readonly Usage[])[]): Usage[] {
  const [first = [], ...others] = runs;
  return first.flatMap((usage) => {
    const same = others.map((run) => run.find((other) => keyOf(other) === keyOf(usage)));
    if (same.includes(undefined)) return [];
    const amounts = same.reduce((least, other) => leastAmounts(least, other?.amounts ?? {}), usage.amounts);
    return [{ ...usage, amounts }];
  });
}

/** What the first reading has more of than the second. */
export function surplusOf(usages: readonly Usage[], others: readonly Usage[]): Usage[] {
  return usageBetween(others, usages).flatMap((usage) => {
    const amounts = Object.fromEntries(Object.entries(usage.amounts).filter(([, amount]) => amount > 0));
    return Object.keys(amounts).length > 0 ? [{ ...usage, amounts }] : [];
  });
}

function leastAmounts(a: Amounts, b: Amounts): Amounts {
  return Object.fromEntries(
    Object.entries(a).map(([name, amount]) => [name, Math.min(amount, new Map(Object.entries(b)).get(name) ?? 0)]),
  );
}

function keyOf({ service, action, resource }: Usage): string {
  return [service, action, resource].join(' ');
}
