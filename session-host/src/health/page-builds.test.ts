import { capabilitiesIn, logger, metrics, type KnownBuilds } from '@top-active/aws';
import { capabilityNames, type CapabilityReport } from '@top-active/core/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPageBuilds } from './page-builds.ts';

const build = '2.3000.1048032155';

function reportOf(missing: string[] = [], repaired: string[] = []): CapabilityReport {
  const stateOf = (name: string) => (missing.includes(name) ? 'missing' : repaired.includes(name) ? 'repaired' : 'ok');
  return {
    build,
    at: '2026-11-30T12:00:00.000Z',
    capabilities: Object.fromEntries(
      capabilityNames.map((name) => [name, { state: stateOf(name) }]),
    ) as CapabilityReport['capabilities'],
    repairs: [],
  };
}

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    for (const one of String(line).trim().split('\n')) lines.push(JSON.parse(one) as Record<string, unknown>);
    return true;
  });
});
afterEach(() => {
  metrics.flush();
  vi.restoreAllMocks();
});

/** A store of this process alone, whose first calls may fail. */
function storeOf({ failures = 0 } = {}) {
  const met: CapabilityReport[] = [];
  const everMissing = new Set<string>();
  let left = failures;
  const known: KnownBuilds = {
    async meet(report) {
      if (left-- > 0) throw new Error('the table is away');
      met.push(report);
      const newlyMissing = capabilitiesIn(report, 'missing').filter((name) => !everMissing.has(name));
      for (const name of newlyMissing) everMissing.add(name);
      return { isNew: met.length === 1, newlyMissing };
    },
    list: () => Promise.resolve([]),
  };
  return { known, met };
}

it('counts what is missing and repaired under the build, and asks the store once for the same', async () => {
  const { known, met } = storeOf();
  const builds = createPageBuilds({ known, log: logger });
  await builds.note(reportOf(['reaction', 'media'], ['identity']));
  await builds.note(reportOf(['reaction', 'media'], ['identity']));
  expect(met).toHaveLength(1);
  expect(lines.filter((line) => 'CapabilitiesMissing' in line)).toMatchObject([
    { build, CapabilitiesMissing: 2 },
    { build, CapabilitiesMissing: 2 },
  ]);
  expect(lines.find((line) => 'CapabilitiesRepaired' in line)).toMatchObject({ build, CapabilitiesRepaired: 1 });
  await builds.note(reportOf(['media']));
  expect(met).toHaveLength(2);
});

it('tells the operator of a build that nobody had met, once', async () => {
  const { known } = storeOf();
  const builds = createPageBuilds({ known, log: logger });
  await builds.note(reportOf(['send']));
  await builds.note(reportOf());
  expect(lines.filter((line) => 'NewPageBuilds' in line)).toMatchObject([{ NewPageBuilds: 1 }]);
});

it('tells the operator what is missing on a build once, on whichever host it is met', async () => {
  const { known } = storeOf();
  const [first, second] = [createPageBuilds({ known, log: logger }), createPageBuilds({ known, log: logger })];
  await first.note(reportOf());
  await first.note(reportOf(['media']));
  await second.note(reportOf(['media']));
  await first.note(reportOf());
  await second.note(reportOf(['media', 'send']));
  expect(lines.filter((line) => 'CapabilitiesLost' in line)).toMatchObject([
    { CapabilitiesLost: 1 },
    { CapabilitiesLost: 1 },
  ]);
});

it('goes on without the store, and tries again with the next document', async () => {
  const { known, met } = storeOf({ failures: 1 });
  const builds = createPageBuilds({ known, log: logger });
  await builds.note(reportOf());
  expect(met).toHaveLength(0);
  await builds.note(reportOf());
  expect(met).toHaveLength(1);
});
