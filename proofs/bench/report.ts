import type { FleetFigures } from './measure-fleet.ts';
import { quantile } from './quantiles.ts';
import { perSecond, ratioOf, sessionsPerGb } from './ratios.ts';
import { describeFailures, medianRestart } from './restart.ts';

export interface Row {
  figure: string;
  ours?: number | undefined;
  libraryDefaults?: number | undefined;
  /** Ours by the library's. */
  ratio?: number | undefined;
}

interface Figures {
  counts: readonly number[];
  own: FleetFigures;
  defaults: FleetFigures | undefined;
  /** From phone to screen, milliseconds. */
  latency: readonly number[];
}

/** The table. Rows whose figures neither side has are left out. */
export function rowsOf({ counts, own, defaults, latency }: Figures): Row[] {
  const both = (figure: string, read: (figures: FleetFigures) => number | undefined) =>
    rowOf(figure, read(own), defaults && read(defaults));
  return [
    both('connect → QR code, median (ms)', ({ qrMs }) => (qrMs.length > 0 ? quantile(qrMs, 0.5) : undefined)),
    ...counts.map((count) =>
      both(`memory per session at ${count}, browsers alone (PSS, MB)`, ({ usage }) => {
        const mb = usage[count]?.browsers.pssMb;
        return mb === undefined ? undefined : mb / count;
      }),
    ),
    ...counts.map((count) =>
      both(`sessions per GB at ${count}, Node counted`, (figures) => {
        const mb = hostMb(figures, count);
        return mb === undefined ? undefined : sessionsPerGb(count, mb);
      }),
    ),
    ...counts.map((count) =>
      both(`restart → all ${count} ready, median (ms)`, ({ restarts }) => medianRestart(restarts[count] ?? [])?.ms),
    ),
    ...counts.map((count) =>
      both(
        `restart of ${count}, CPU until all are ready (ms of one core)`,
        ({ restarts }) => medianRestart(restarts[count] ?? [])?.cpuMs,
      ),
    ),
    ...counts.map((count) =>
      both(`sessions ready per second at ${count}`, ({ restarts }) => {
        const ms = medianRestart(restarts[count] ?? [])?.ms;
        return ms === undefined ? undefined : perSecond(count, ms);
      }),
    ),
    both('inbound messages per second', ({ inbound }) => inbound?.messagesPerSecond),
    both('inbound, Node per message (ms of one core)', ({ inbound }) => inbound?.nodeCpuMs),
    both('inbound, browsers per message (ms of one core)', ({ inbound }) => inbound?.browserCpuMs),
    rowOf('phone → screen, p50 (ms)', latency.length > 0 ? quantile(latency, 0.5) : undefined),
    rowOf('phone → screen, p95 (ms)', latency.length > 0 ? quantile(latency, 0.95) : undefined),
  ].filter(({ ours, libraryDefaults }) => ours !== undefined || libraryDefaults !== undefined);
}

/** What a table of figures leaves out: what failed. */
export function troublesOf({ failedLinks, restarts, inbound }: FleetFigures): string[] {
  return [
    ...(failedLinks > 0 ? [`${failedLinks} attempts to link failed and were repeated`] : []),
    ...Object.values(restarts).flatMap(describeFailures),
    ...(inbound && inbound.taken < inbound.messages
      ? [`Only ${inbound.taken} of ${inbound.messages} messages were taken in time`]
      : []),
    ...(inbound?.wrongChats ? [`${inbound.wrongChats} chats are not stored as they were written`] : []),
    ...(inbound ? [] : ['Inbound was not measured, since not every session was ready']),
  ];
}

function hostMb({ usage }: FleetFigures, count: number): number | undefined {
  const at = usage[count];
  return at && at.node.pssMb + at.browsers.pssMb;
}

function rowOf(figure: string, ours: number | undefined, libraryDefaults?: number): Row {
  return {
    figure,
    ours: rounded(ours),
    libraryDefaults: rounded(libraryDefaults),
    ratio: ratioOf(ours, libraryDefaults),
  };
}

/** To one decimal. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}
