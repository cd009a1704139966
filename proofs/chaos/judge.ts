import type { BrowserRecord, FaultRecord, RunRecords, UserRecord } from './records.ts';

export interface Verdict {
  faults: number;
  kills: number;
  /** Of everything that customers wrote to a struck user, the longest wait per fault and user, in seconds. Of kills. */
  failover: { sessions: number; p50: number; p95: number; max: number };
  /** As `failover`, of faults that kill nothing. */
  waits: { sessions: number; p50: number; p95: number; max: number };
  messagesIn: number;
  messagesOut: number;
  lost: number;
  duplicated: number;
  outOfOrder: number;
  doubleBrowsers: number;
  browsers: number;
  newCodes: number;
  unknown: number;
  failed: number;
  /** Why orders failed or are in doubt, with how many of each. */
  failures: Readonly<Record<string, number>>;
  /** Orders that had no end when the run was over. */
  open: number;
}

/** Sums a run up. */
export function judge({ users, faults, browsers, newCodes }: RunRecords): Verdict {
  const states = users.flatMap(({ ordered }) => ordered.map(({ state }) => state));
  const countOf = (state: string) => states.filter((one) => one === state).length;
  const sum = (count: (user: UserRecord) => number) => users.reduce((total, user) => total + count(user), 0);
  return {
    faults: faults.length,
    kills: faults.filter(({ kills }) => kills).length,
    failover: spread(
      longestWaits(
        users,
        faults.filter(({ kills }) => kills),
      ),
    ),
    waits: spread(
      longestWaits(
        users,
        faults.filter(({ kills }) => !kills),
      ),
    ),
    messagesIn: sum(({ written }) => written.length),
    messagesOut: sum(({ received }) => new Set(received).size),
    lost: sum(countLost),
    duplicated: sum(({ stored, received }) => countDuplicates(stored) + countDuplicates(received)),
    outOfOrder: sum(countOutOfOrder),
    doubleBrowsers: countDoubles(browsers),
    browsers: browsers.length,
    newCodes,
    unknown: countOf('UNKNOWN'),
    failed: countOf('FAILED'),
    failures: countEach(users.flatMap(({ ordered }) => ordered.flatMap(({ failure }) => failure ?? []))),
    open: states.length - countOf('SENT') - countOf('UNKNOWN') - countOf('FAILED'),
  };
}

function countEach(names: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(names, (name) => name);
  return Object.fromEntries([...groups].map(([name, all]) => [name, all.length]));
}

/** What must be zero, by name, with its count where it isn't. */
export function faultsOf(verdict: Verdict): string[] {
  const { lost, duplicated, outOfOrder, doubleBrowsers, newCodes, failed, open } = verdict;
  return Object.entries({ lost, duplicated, outOfOrder, doubleBrowsers, newCodes, failed, open })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}: ${count}`);
}

/** What was written and isn't stored, and what is called sent and never arrived. */
function countLost({ written, stored, ordered, received }: UserRecord): number {
  const missing = written.filter(({ text }) => !stored.includes(text)).length;
  return missing + ordered.filter(({ text, state }) => state === 'SENT' && !received.includes(text)).length;
}

function countDuplicates(texts: readonly string[]): number {
  return texts.length - new Set(texts).size;
}

/** Texts that stand before one that was written, or ordered, earlier. */
function countOutOfOrder({ written, stored, ordered, received }: UserRecord): number {
  const inOrder = written.map(({ text }) => text);
  const outOrder = ordered.map(({ text }) => text);
  return countSteps(stored, inOrder) + countSteps(received, outOrder);
}

function countSteps(seen: readonly string[], wanted: readonly string[]): number {
  const places = [...new Set(seen)].map((text) => wanted.indexOf(text));
  return places.filter((place, i) => i > 0 && place < (places[i - 1] ?? 0)).length;
}

function longestWaits(users: readonly UserRecord[], faults: readonly FaultRecord[]): number[] {
  return faults.flatMap(({ at, until, users: struck }) =>
    users
      .filter(({ name }) => struck.includes(name))
      .flatMap(({ written }) => {
        const waits = written
          .filter((message) => message.at >= at && message.at < until)
          .map((message) => (message.storedAt ?? Infinity) - message.at);
        return waits.length === 0 ? [] : [Math.max(...waits) / 1000];
      }),
  );
}

function spread(seconds: readonly number[]): { sessions: number; p50: number; p95: number; max: number } {
  const sorted = seconds.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 10) / 10;
  return { sessions: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** Pairs of browsers of one user that were there at the same moment. */
function countDoubles(browsers: readonly BrowserRecord[]): number {
  const known = browsers.filter(({ user }) => user !== undefined).toSorted((a, b) => a.from - b.from);
  return known.filter((browser, i) =>
    known.slice(0, i).some((earlier) => earlier.user === browser.user && earlier.to > browser.from),
  ).length;
}
