import {
  capabilityNames,
  type Capability,
  type CapabilityName,
  type CapabilityReport,
} from '@top-active/core/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthyAt, reduceHealth, type HealthEvent } from './link-health.ts';

const first = '2030-01-01T00:00:00.000Z';
const later = '2030-01-02T00:00:00.000Z';
const health = healthyAt(first);

function report(build: string, states: Partial<Record<CapabilityName, Capability['state']>> = {}): CapabilityReport {
  const entries = capabilityNames.map((name) => [name, { state: states[name] ?? 'ok' }] as const);
  const capabilities = Object.fromEntries(entries) as CapabilityReport['capabilities'];
  return { build, at: first, capabilities, repairs: [] };
}

function found(build: string, states?: Partial<Record<CapabilityName, Capability['state']>>): HealthEvent {
  return { type: 'capabilities', report: report(build, states) };
}

describe('health of a link', () => {
  it('names what the page lacks, and nothing of what was repaired', () => {
    const after = reduceHealth(health, found('2.3000.1', { media: 'missing', send: 'repaired' }), later);
    expect(after.missing).toEqual(['media']);
    expect(after.page).toEqual({ build: '2.3000.1', since: later });
  });

  it('knows since when the account is on a build, across documents of the same one', () => {
    const known = reduceHealth(health, found('2.3000.1'), first);
    const worse = reduceHealth(known, found('2.3000.1', { media: 'missing' }), later);
    expect(worse.page).toEqual({ build: '2.3000.1', since: first });
    expect(reduceHealth(worse, found('2.3000.2'), later).page).toEqual({ build: '2.3000.2', since: later });
  });

  it('counts the time of a reception from when it began', () => {
    const failing = reduceHealth(health, { type: 'reception', state: 'failing' }, later);
    expect(failing.reception).toEqual({ state: 'failing', since: later });
    expect(reduceHealth(failing, { type: 'reception', state: 'failing' }, first)).toBe(failing);
  });

  it('begins with what is told first', () => {
    const reachout = { kind: 'reachout', level: 'limited' } as const;
    const after = reduceHealth(undefined, { type: 'restrictions', restrictions: [reachout] }, first);
    expect(after).toEqual({ ...health, restrictions: [reachout] });
  });

  const builds = fc.constantFrom('2.3000.1', '2.3000.2');
  const event: fc.Arbitrary<HealthEvent> = fc.oneof(
    fc
      .record({ build: builds, lost: fc.subarray([...capabilityNames]) })
      .map(({ build, lost }) => found(build, Object.fromEntries(lost.map((name) => [name, 'missing' as const])))),
    fc
      .constantFrom('ok' as const, 'late' as const, 'unreadable' as const, 'failing' as const)
      .map((state) => ({ type: 'reception', state }) as const),
    fc
      .subarray([
        { kind: 'reachout', level: 'limited' } as const,
        { kind: 'new_chats', level: 'warning', quota: { total: 10, used: 8 } } as const,
      ])
      .map((restrictions) => ({ type: 'restrictions', restrictions }) as const),
  );

  it('changes nothing when it is told the same twice: a write costs money', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 20 }), (told) => {
        let known = health;
        for (const one of told) {
          known = reduceHealth(known, one, first);
          expect(reduceHealth(known, one, later)).toBe(known);
        }
      }),
    );
  });
});
