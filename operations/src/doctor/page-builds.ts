import { capabilitiesIn, type KnownBuild } from '@top-active/aws';
import { fail, ok, warn, type Check, type Finding } from './finding.ts';

/** Builds that were met so long ago are nobody's page any more. */
const currentMs = 14 * 86_400_000;
/** Without these nothing comes in. */
const vital = new Set(['identity', 'receive']);

export function pageBuildsCheck(list: () => Promise<KnownBuild[]>, now = Date.now): Check {
  return { title: 'WhatsApp’s page', look: async () => judgePageBuilds(await list(), now()) };
}

/** Each build that sessions met in the last two weeks, with what is missing on it and what works by a repair. */
export function judgePageBuilds(builds: readonly KnownBuild[], now: number): Finding {
  const current = builds.filter(({ lastMetAt }) => now - Date.parse(lastMetAt) < currentMs);
  if (current.length === 0) return ok('no session has loaded one in two weeks');
  const seen = current.map(describe).join('; ');
  const missing = current.flatMap((build) => capabilitiesIn(build, 'missing'));
  if (missing.length === 0) return ok(seen);
  const remedy = 'See “Page builds” in docs/operations/runbook.md.';
  return missing.some((name) => vital.has(name)) ? fail(seen, remedy) : warn(seen, remedy);
}

function describe(build: KnownBuild): string {
  const parts = [
    ['missing', capabilitiesIn(build, 'missing')],
    ['repaired', capabilitiesIn(build, 'repaired')],
  ] as const;
  const told = parts.filter(([, names]) => names.length > 0).map(([what, names]) => `${what} ${names.join(', ')}`);
  const since = build.firstMetAt.slice(0, 10);
  return `${build.build} since ${since}: ${told.join(', ') || 'everything works'}`;
}
