/** Shapes of WhatsApp's page that this world can serve, oldest first: see `page/builds/index.ts`. */
export const pageBuilds = ['2026-04', '2026-07', '2026-07-lazy', '2026-08', '2026-09'] as const;
export type PageBuild = (typeof pageBuilds)[number];

/** What the page of each build gives as its version. */
export const pageVersions: Readonly<Record<PageBuild, string>> = {
  '2026-04': '2.3000.1037520190',
  '2026-07': '2.3000.1043220887',
  '2026-07-lazy': '2.3000.1043565534',
  '2026-08': '2.3000.1045220589',
  '2026-09': '2.3000.1048032155',
};

export const newestBuild = '2026-09' satisfies PageBuild;

/** The last build on which the library works by itself: tests of the library alone use it. */
export const lastBuildOfTheLibrary = '2026-04' satisfies PageBuild;

/** How a message's key may name its text. */
export const keyAliases = ['$1', '$2', 'a'] as const;

export const signatures = ['object', 'positional'] as const;

/** Rehearsals that are on or off; the others choose one of `signatures`. */
export const rehearsalSwitches = [
  'throwingListener',
  'historyQuery',
  'widAlias',
  'msgAddSilent',
  'reactionsElsewhere',
  'noRequire',
] as const;
export const rehearsalSignatures = ['seenSignature', 'loadSignature'] as const;

/** The longest time over which modules are registered. Milliseconds. */
export const longestRegisterMs = 30_000;
