import { randomBytes } from 'node:crypto';
import type { Page } from 'puppeteer';
import { z } from 'zod';
import { createNeed } from './create-need.ts';
import { createFindChat } from './find-chat.ts';
import { createModelOf } from './model-of.ts';
import { noteListeners } from './note-listeners.ts';
import type { PageFact, RepairReport } from './repair-context.ts';
import { componentOf, repairs } from './repairs/index.ts';
import { runPrelude } from './run-prelude.ts';
import { sourcesOf } from './sources-of.ts';
import { trapLibrary } from './trap-library.ts';

export interface Prelude {
  /** What became of each repair in the document that is shown, as far as it is told. */
  reports(): RepairReport[];
  /** Counts the documents of WhatsApp's page, from 1; 0 before the first. */
  readonly document: number;
}

export interface PreludeOptions {
  /** Repairs that are switched off by their names: tests show by it what each is for. */
  off?: readonly string[] | undefined;
  onFact?: (fact: PageFact) => void;
}

const origin = 'https://web.whatsapp.com';

/** Of one message, in characters; what belongs to one is far smaller. */
const largestModel = 2_000_000;

/** The page is not to be believed: what it tells is checked like everything that comes from outside. */
const toldSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('document') }),
  z.object({ type: z.literal('repair'), name: z.string().max(64), applied: z.boolean(), how: z.string().max(300) }),
  z.object({ type: z.literal('logout-reason'), reason: z.string().max(64) }),
  z.object({ type: z.enum(['message-changed', 'plan-dropped']), model: z.string().max(largestModel) }),
]);

/** A page tells of the repairs that it has. */
const mostReports = 64;

/**
 * Has the repairs run in every document to come, before the page's own scripts. Once for a page, before it goes to
 * WhatsApp.
 */
export async function installPrelude(page: Page, { off = [], onFact }: PreludeOptions = {}): Promise<Prelude> {
  const bindingName = `_${randomBytes(12).toString('hex')}`;
  const reports = new Map<string, RepairReport>();
  let documents = 0;
  const cdp = await page.createCDPSession();
  cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === bindingName) hear(payload);
  });
  await cdp.send('Runtime.enable');
  await cdp.send('Runtime.addBinding', { name: bindingName });
  await cdp.send('Page.enable');
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: preludeSource({ bindingName, off }) });

  function hear(payload: string): void {
    const { data: told } = toldSchema.safeParse(parseJson(payload));
    if (!told) return;
    if (told.type === 'document') {
      documents += 1;
      reports.clear();
    } else if (told.type !== 'repair') onFact?.(told);
    else if (reports.has(told.name) || reports.size < mostReports)
      reports.set(told.name, { name: told.name, applied: told.applied, how: told.how });
  }

  return {
    reports: () => [...reports.values()],
    get document() {
      return documents;
    },
  };
}

function preludeSource({ bindingName, off }: { bindingName: string; off: readonly string[] }): string {
  const plain = JSON.stringify({ bindingName, origin, off, components: componentOf }).slice(1, -1);
  const parts = sourcesOf({ createNeed, trapLibrary, createFindChat, createModelOf, noteListeners });
  return `(${runPrelude.toString()})({${plain}, ${parts}, repairs: {${sourcesOf(repairs)}}})`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Nothing that the prelude tells: not to be believed, and of no use.
    return undefined;
  }
}
