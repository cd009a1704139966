import { metrics } from '@top-active/aws';
import type { LinkReport } from '@top-active/core/domain';

/** How many linked sessions have messages that don't come through as they should, by the build of their page. */
export function countTroubles(statuses: readonly LinkReport[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { state, health } of statuses) {
    if (state !== 'linked' || health === undefined || health.reception.state === 'ok') continue;
    const build = health.page?.build ?? 'unknown';
    counts.set(build, (counts.get(build) ?? 0) + 1);
  }
  return counts;
}

/** How many linked sessions belong to accounts that WhatsApp limits now; a warning limits nothing. */
export function countRestricted(statuses: readonly LinkReport[]): number {
  return statuses.filter(
    ({ state, health }) => state === 'linked' && health?.restrictions.some(({ level }) => level === 'limited') === true,
  ).length;
}

export function reportReception(statuses: readonly LinkReport[]): void {
  const counts = countTroubles(statuses);
  metrics.emit('Restrictions', countRestricted(statuses));
  // A metric without values would leave an alarm without an end.
  if (counts.size === 0) metrics.emit('ReceptionTrouble', 0);
  for (const [build, count] of counts) metrics.emit('ReceptionTrouble', count, { build });
}
