import { logger, metrics } from '@top-active/aws';
import { linkStates } from '@top-active/core/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Metrics } from './metrics.ts';
import { quantile, reportMetrics } from './report-metrics.ts';

let written: string[];
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  // What other tests of this process have counted.
  metrics.flush();
  written = [];
});
afterEach(() => {
  vi.restoreAllMocks();
});

const figures: Metrics = {
  running: 3,
  restricted: 1,
  sessionsByState: new Map(linkStates.map((state) => [state, 0])),
  browserPss: [100, 200],
  hostRss: 50,
  oldestCommandAge: 7,
  checkpointAges: [1, 2, 30],
  placement: { shards: 16, heartbeatAge: 1, hostAccessCalls: { granted: 1, refused: 0, failed: 0 } },
};

it('tells at once how the host is, zeros included, so that silence means that no host runs', async () => {
  const report = reportMetrics({
    readMetrics: async () => figures,
    capacity: 4,
    ownedShards: () => 16,
    everyMs: 60_000,
    log: logger,
  });
  await vi.waitFor(() => expect(written).toHaveLength(1));
  report.stop();
  expect(written).toHaveLength(1);
  expect(JSON.parse(written[0] ?? '')).toMatchObject({
    SessionsUsed: 3,
    SessionCapacity: 4,
    SessionsUsedShare: 75,
    BrowserMemory: 300,
    OldestOpenCommand: 7,
    OwnedShards: 16,
    HeartbeatAge: 1,
    HostAccessRefusals: 0,
    CheckpointAgeMax: 30,
    TwoOwners: 0,
    CheckpointFailures: 0,
    CheckpointsDamaged: 0,
  });
});

it('takes the nearest rank of a quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(quantile(hundred, 0.95)).toBe(95);
  expect(quantile([3], 0.95)).toBe(3);
  expect(quantile([], 0.95)).toBe(0);
});
