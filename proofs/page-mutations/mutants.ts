import { repairNames } from '@top-active/session-host/engine';

/** One repair switched off, and the tests that must notice. */
export interface Mutant {
  repair: string;
  project: 'session-host' | 'host';
  file: string;
  /** Which of the file's tests; all by default. */
  tests?: string | undefined;
}

const repairsTest = 'src/engine/whatsapp-web/page/repairs.test.ts';
const witnessTest = 'host/engine-witness.test.ts';
const messagesTest = 'host/engine-messages.test.ts';
const pagesTest = 'host/engine-pages.test.ts';
const pageChangeTest = 'host/engine-page-change.test.ts';
const overlaysTest = 'host/engine-overlays.test.ts';

/**
 * Repairs whose tests need the simulated WhatsApp. Of the others a few lines stand for the page, and each test is named
 * by its repair.
 */
const onTheWholePage: Readonly<Record<string, Omit<Mutant, 'repair'>>> = {
  'message-details': { project: 'host', file: messagesTest },
  'message-changes': { project: 'host', file: messagesTest },
  'any-key': { project: 'host', file: witnessTest, tests: 'any-key:' },
};

/** What a repair is for in the product, on a page that needs it. */
const inTheProduct: readonly Mutant[] = [
  onPages('message-keys', 'build:2026-07,alias:.2.* message-keys:'),
  onPages('message-keys,sent-message', 'build:2026-07,alias:a.* sent-message:'),
  onPages('message-keys', 'widAlias:true.* message-keys:'),
  onPages('listener-modules', 'throwingListener:true'),
  onPages('seen-signature', 'seenSignature:positional'),
  onPages('history-signature,history-database', 'loadSignature:positional'),
  onPages('history-database', 'historyQuery:true'),
  { repair: 'message-keys,sent-message', project: 'host', file: pageChangeTest },
  ...['whats-new', 'logout-reason', 'media-id'].map(onOverlays),
];

function onPages(repair: string, tests: string): Mutant {
  return { repair, project: 'host', file: pagesTest, tests };
}

function onOverlays(repair: string): Mutant {
  return { repair, project: 'host', file: overlaysTest, tests: `${repair}:` };
}

export const mutants: readonly Mutant[] = [
  ...repairNames.map((repair) => ({
    repair,
    ...(onTheWholePage[repair] ?? ({ project: 'session-host', file: repairsTest, tests: `${repair}:` } as const)),
  })),
  ...inTheProduct,
];
