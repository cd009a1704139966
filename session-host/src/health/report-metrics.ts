import { metrics, type Log } from '@top-active/aws';
import type { Metrics } from './metrics.ts';

export interface MetricsReport {
  /** Writes what has been counted since the last report. */
  stop(): void;
}

export interface ReportOptions {
  readMetrics: () => Promise<Metrics>;
  capacity: number;
  /** Shards that the host owns now. */
  ownedShards: () => number;
  everyMs: number;
  log: Log;
}

/** Reports how the host is, at once and then regularly, with everything that was counted meanwhile. */
export function reportMetrics({ readMetrics, capacity, ownedShards, everyMs, log }: ReportOptions): MetricsReport {
  let stopped = false;

  async function report(): Promise<void> {
    try {
      const read = await readMetrics();
      if (!stopped) emitGauges(read, { capacity, ownedShards: ownedShards() });
    } catch (error) {
      log.warn('The metrics of the host could not be read', {}, error);
    }
    metrics.flush();
  }

  void report();
  const timer = setInterval(() => void report(), everyMs);
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
      metrics.flush();
    },
  };
}

/** Counters that alarms wait for are told when they are 0 as well: silence would mean that no host runs. */
function emitGauges(read: Metrics, { capacity, ownedShards }: { capacity: number; ownedShards: number }): void {
  metrics.emit('SessionsUsed', read.running);
  metrics.emit('SessionCapacity', capacity);
  metrics.emit('Restrictions', read.restricted);
  metrics.emit('SessionsUsedShare', (100 * read.running) / capacity);
  metrics.emit('BrowserMemory', sum(read.browserPss));
  metrics.emit('HostMemory', read.hostRss);
  metrics.emit('OwnedShards', ownedShards);
  metrics.emit('HeartbeatAge', read.placement.heartbeatAge);
  metrics.emit('OldestOpenCommand', read.oldestCommandAge);
  metrics.emit('CheckpointAgeMax', Math.max(0, ...read.checkpointAges));
  metrics.emit('CheckpointAgeP95', quantile(read.checkpointAges, 0.95));
  metrics.emit('TwoOwners', 0);
  metrics.emit('HostAccessRefusals', 0);
  metrics.emit('HostAccessFailures', 0);
  metrics.emit('CheckpointFailures', 0);
  metrics.emit('CheckpointsDamaged', 0);
  metrics.emit('CatchUpFailures', 0);
}

/** Nearest rank; 0 of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
