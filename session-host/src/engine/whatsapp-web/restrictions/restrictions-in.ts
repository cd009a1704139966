import type { Restriction } from '@top-active/core/contracts';
import { z } from 'zod';

const number = z.number().optional().catch(undefined);
const text = z.string().optional().catch(undefined);

/**
 * What the page keeps under `WAReachoutTimelockState`; it is removed when the lock is lifted. Its end is in
 * milliseconds.
 */
const timelockSchema = z.object({ state: text, time_enforcement_ends: number, enforcement_type: text });

/** What the page keeps under `WANewChatMessageCappingData`. Its cycle ends in seconds. */
const cappingSchema = z.object({
  capping_status: text,
  total_quota: number,
  used_quota: number,
  cycle_end: number,
  cycle_end_timestamp: number,
});

const cappingLevels: Readonly<Record<string, Restriction['level']>> = {
  FIRST_WARNING: 'warning',
  SECOND_WARNING: 'warning',
  CAPPED: 'limited',
};
const maxTypeLength = 64;
/**
 * The end of the year 9999: later ones are written with a sign, which an instant of the API doesn't have. Milliseconds.
 */
const maxInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * What the two preferences say that holds now. Whatever else stands in them forbids nothing. `now`: epoch milliseconds.
 */
export function restrictionsIn(
  { timelock, capping }: { timelock?: unknown; capping?: unknown },
  now: number,
): Restriction[] {
  return activeAt([...reachoutIn(timelock), ...newChatsIn(capping)], now);
}

/** Those that are not over yet. */
export function activeAt(restrictions: readonly Restriction[], now: number): Restriction[] {
  return restrictions.filter(({ until }) => until === undefined || Date.parse(until) > now);
}

function reachoutIn(pref: unknown): Restriction[] {
  const lock = timelockSchema.safeParse(pref).data;
  if (lock?.state !== 'HIDDEN' && lock?.state !== 'VISIBLE') return [];
  const until = instant(lock.time_enforcement_ends);
  const type = lock.enforcement_type?.slice(0, maxTypeLength);
  return [{ kind: 'reachout', level: 'limited', ...(until && { until }), ...(type && { type }) }];
}

function newChatsIn(pref: unknown): Restriction[] {
  const capping = cappingSchema.safeParse(pref).data;
  const level = cappingLevels[capping?.capping_status ?? ''];
  if (!capping || level === undefined) return [];
  const until = instant((capping.cycle_end_timestamp ?? capping.cycle_end ?? 0) * 1000);
  const quota = { total: count(capping.total_quota), used: count(capping.used_quota) };
  return [{ kind: 'new_chats', level, ...(until && { until }), ...(quota.total > 0 && { quota }) }];
}

/** Absent, zero or no time at all: WhatsApp names no end. */
function instant(ms: number | undefined): string | undefined {
  return ms !== undefined && ms > 0 && ms <= maxInstant ? new Date(ms).toISOString() : undefined;
}

function count(value: number | undefined): number {
  return value === undefined ? 0 : Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.floor(value)));
}
