import {
  capabilityNames,
  type CapabilityReport,
  type LinkHealth,
  type Reception,
  type Restriction,
} from '@top-active/core/contracts';

/** What the engine finds out about a link beside its state. */
export type HealthEvent =
  | { type: 'capabilities'; report: CapabilityReport }
  | { type: 'restrictions'; restrictions: readonly Restriction[] }
  | { type: 'reception'; state: Reception['state'] };

/** Of a link that has just come up: nothing is known to be wrong. `at` is an ISO instant. */
export function healthyAt(at: string): LinkHealth {
  return { reception: { state: 'ok', since: at }, missing: [], restrictions: [] };
}

/**
 * The health after an event. What says nothing new leaves it as it is, and then the same object is returned: each
 * change is written to the store and pushed to the owner. `at` is an ISO instant.
 */
export function reduceHealth(known: LinkHealth | undefined, event: HealthEvent, at: string): LinkHealth {
  const health = known ?? healthyAt(at);
  switch (event.type) {
    case 'capabilities':
      return known && sayTheSame(known, event.report) ? known : withReport(health, event.report, at);
    case 'restrictions':
      return known && isSame(known.restrictions, event.restrictions)
        ? known
        : { ...health, restrictions: [...event.restrictions] };
    case 'reception':
      return known?.reception.state === event.state
        ? known
        : { ...health, reception: { state: event.state, since: at } };
    default:
      return event satisfies never;
  }
}

function sayTheSame({ page, missing }: LinkHealth, report: CapabilityReport): boolean {
  return page?.build === report.build && isSame(missing, missingIn(report));
}

function withReport(health: LinkHealth, report: CapabilityReport, at: string): LinkHealth {
  const since = health.page?.build === report.build ? health.page.since : at;
  return { ...health, page: { build: report.build, since }, missing: missingIn(report) };
}

function missingIn({ capabilities }: CapabilityReport): LinkHealth['missing'] {
  return capabilityNames.filter((name) => capabilities[name].state === 'missing');
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
