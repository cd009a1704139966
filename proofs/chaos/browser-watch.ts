import { readdirSync, readFileSync } from 'node:fs';
import type { BrowserRecord } from './records.ts';

const everyMs = 150;

/** Notes from when to when each browser process whose profile lies in a folder is there. */
export function watchBrowsers({ folder, now }: { folder: string; now: () => number }) {
  const seen = new Map<string, { pid: number; folder: string; from: number; to: number }>();
  const owners = new Map<number, { user: string; at: number }[]>();

  function look(): void {
    const at = now();
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const profile = profileOf(pid);
      if (profile === undefined || !profile.startsWith(folder) || !isRunning(pid)) continue;
      const known = seen.get(`${pid} ${profile}`);
      if (known) known.to = at;
      else seen.set(`${pid} ${profile}`, { pid: Number(pid), folder: profile, from: at, to: at });
    }
  }

  const timer = setInterval(look, everyMs);
  return {
    /** A host has said whose browser it is. */
    note(pid: number, user: string): void {
      owners.set(pid, [...(owners.get(pid) ?? []), { user, at: now() }]);
    },
    /** Of a user, or of one whose profile lies in a folder; there now. */
    pidsOf(user: string): number[] {
      const newest = now() - 5 * everyMs;
      return records().flatMap((one) => (one.user === user && one.to >= newest ? [one.pid] : []));
    },
    close(): BrowserRecord[] {
      clearInterval(timer);
      return records();
    },
  };

  function records(): BrowserRecord[] {
    return [...seen.values()].map(({ pid, from, to }) => ({
      pid,
      // A number may be given to another process later.
      user: owners.get(pid)?.find(({ at }) => at >= from && at <= to + 5_000)?.user,
      from,
      to,
    }));
  }
}

/** Of a browser's first process; its helpers have a type. */
function profileOf(pid: string): string | undefined {
  const args = read(pid, 'cmdline').split('\0');
  if (args.some((arg) => arg.startsWith('--type='))) return undefined;
  return args.find((arg) => arg.startsWith('--user-data-dir='))?.slice('--user-data-dir='.length);
}

function isRunning(pid: string): boolean {
  return /^State:\t[^ZX]/m.test(read(pid, 'status'));
}

/** Empty when the process is gone. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
