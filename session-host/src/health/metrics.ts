import { linkStates, type LinkState } from '@top-active/core/contracts';
import type { BrowserHomes } from '../browser/homes/browser-home.ts';
import type { UserRuntime } from '../session/user-runtime.ts';
import type { UserSession } from '../session/user-session.ts';

/** Sessions are numbered, not named: a user id would be personal data, and a label without bound. */
export interface Metrics {
  /** Sessions that run, whatever their state. */
  running: number;
  sessionsByState: ReadonlyMap<LinkState, number>;
  /** Running sessions whose account WhatsApp restricts. */
  restricted: number;
  /** Memory of each running browser with all its processes, bytes (PSS). */
  browserPss: number[];
  /** Of the host's own process, bytes. */
  hostRss: number;
  /** Seconds; 0 when no command is open. */
  oldestCommandAge: number;
  /** Of sessions that are ready, seconds: while a connection is lost, nothing changes that could be saved. */
  checkpointAges: number[];
  placement: PlacementMetrics;
}

interface PlacementMetrics {
  /** Shards that this host holds. */
  shards: number;
  /** Since the newest acknowledged heartbeat was sent, seconds. */
  heartbeatAge: number;
  /** Calls for shards and credentials since the start, by how they ended. */
  hostAccessCalls: Readonly<Record<'granted' | 'refused' | 'failed', number>>;
}

export async function readMetrics(
  runtimes: readonly UserRuntime[],
  { homes, placement, now }: { homes: BrowserHomes; placement: PlacementMetrics; now: Date },
): Promise<Metrics> {
  const sessionsByState = countByState(runtimes);
  const pids = runtimes.map(({ session }) => session.browserPid).filter((pid) => pid !== undefined);
  const ageOf = (date: Date) => Math.max(0, (now.getTime() - date.getTime()) / 1000);
  return {
    running: runtimes.filter(({ session }) => session.isRunning).length,
    sessionsByState,
    restricted: runtimes.filter(({ session }) => isRestricted(session)).length,
    browserPss: await homes.memoryOf(pids),
    hostRss: process.memoryUsage.rss(),
    oldestCommandAge: Math.max(
      0,
      ...runtimes.map(({ commands }) => (commands.oldestOpen ? ageOf(commands.oldestOpen) : 0)),
    ),
    checkpointAges: runtimes.map(({ session }) => unsavedSeconds(session, now)).filter((age) => age !== undefined),
    placement,
  };
}

function isRestricted({ isRunning, status }: UserSession): boolean {
  return isRunning && (status.health?.restrictions.some(({ level }) => level === 'limited') ?? false);
}

/** Of a session that runs: since its newest checkpoint, or since its browser began when none could be saved yet. */
export function unsavedSeconds(
  { engine, checkpointAt, browserSince }: Pick<UserSession, 'engine' | 'checkpointAt' | 'browserSince'>,
  now: Date,
): number | undefined {
  if (!engine) return undefined;
  if (checkpointAt) return Math.max(0, (now.getTime() - checkpointAt.getTime()) / 1000);
  return browserSince === undefined ? undefined : (performance.now() - browserSince) / 1000;
}

function countByState(runtimes: readonly UserRuntime[]): Map<LinkState, number> {
  const counts = new Map<LinkState, number>(linkStates.map((state) => [state, 0]));
  for (const { session } of runtimes) counts.set(session.status.state, (counts.get(session.status.state) ?? 0) + 1);
  return counts;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function formatMetrics(metrics: Metrics): string {
  const { placement } = metrics;
  return [
    gauge('top_active_sessions', 'Sessions by link state', 'state', metrics.sessionsByState),
    gauge(
      'top_active_browser_pss_bytes',
      'Memory of a browser with all its processes',
      'session',
      metrics.browserPss.entries(),
    ),
    gauge(
      'top_active_checkpoint_age_seconds',
      "Age of a session's newest checkpoint",
      'session',
      metrics.checkpointAges.entries(),
    ),
    gauge('top_active_host_rss_bytes', 'Memory of the host process', undefined, [['', metrics.hostRss]]),
    gauge('top_active_shards_held', 'Shards that this host holds', undefined, [['', placement.shards]]),
    gauge('top_active_heartbeat_age_seconds', 'Age of the newest acknowledged heartbeat', undefined, [
      ['', placement.heartbeatAge],
    ]),
    counter(
      'top_active_host_access_calls_total',
      'Calls for shards and credentials',
      'outcome',
      Object.entries(placement.hostAccessCalls),
    ),
    gauge('top_active_oldest_command_age_seconds', 'Age of the oldest open command', undefined, [
      ['', metrics.oldestCommandAge],
    ]),
  ].join('');
}

function gauge(...series: Series): string {
  return format('gauge', ...series);
}

function counter(...series: Series): string {
  return format('counter', ...series);
}

type Series = [
  name: string,
  help: string,
  label: string | undefined,
  values: Iterable<readonly [string | number, number]>,
];

function format(type: 'gauge' | 'counter', ...[name, help, label, values]: Series): string {
  const lines = [...values].map(
    ([key, value]) => `${name}${label === undefined ? '' : `{${label}="${key}"}`} ${value}\n`,
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
