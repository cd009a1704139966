/* oxlint-disable unicorn/consistent-function-scoping -- the source of one function is all that the page gets */
import type { Page } from 'puppeteer';
import { z } from 'zod';
import type { EngineEvent } from '../../engine.ts';
import { withDeadline } from '../../with-deadline.ts';
import { readMessage } from '../messages/read-message.ts';
import { addDetails } from '../page/add-details.ts';
import { compareReactions, noteTold, type KnownReactions, type Reacted } from './compare-reactions.ts';
import { readMissed } from './read-missed.ts';

const callTimeoutMs = 10_000;
/** Reactions to older messages come with the next catch-up. Seconds. */
const recent = 7 * 24 * 3600;
const mostMessages = 32;

interface AnyMessage {
  id?: { id?: unknown; fromMe?: unknown; remote?: unknown };
  t?: unknown;
  hasReaction?: unknown;
}

interface ReactedWindow {
  __topActive?: { need?: (name: string) => unknown };
}

interface Asked {
  /** Of messages that had some: theirs may have been taken back. */
  known: string[];
  since: number;
  limit: number;
}

const wantedSchema = z
  .array(z.object({ peer: z.string().max(64), stanzaId: z.string().min(1).max(128), fromMe: z.boolean() }))
  .max(mostMessages);

/** Reactions to recent messages, where the page works on them elsewhere than the library listens. */
export interface ReactionWatch {
  /**
   * Looks into the page once it `isReady`, at most every `everyMs`. What was given before the first call for a document
   * is no news: the catch-up, which comes after it, tells of that.
   */
  look(page: Page, isReady: boolean): Promise<void>;
  /** The library has told of something. */
  told(event: EngineEvent): void;
  documentGone(): void;
}

export function createReactionWatch({
  everyMs,
  emit,
  onFound,
}: {
  everyMs: number;
  /** There were some that the library had not told. */
  onFound: () => void;
  emit: (event: EngineEvent) => void;
}): ReactionWatch {
  let known: KnownReactions | undefined;
  let lookedAt = -Infinity;
  /** ISO instant; of the document that is shown. */
  let since: string | undefined;
  let documents = 0;

  return {
    async look(page, isReady) {
      since ??= new Date().toISOString();
      if (!isReady || performance.now() - lookedAt < everyMs) return;
      lookedAt = performance.now();
      const of = documents;
      const seen = await readReacted(page, known);
      if (of !== documents) return;
      const { next, news } = compareReactions(known ?? since, seen, new Date().toISOString());
      known = next;
      for (const event of news) emit(event);
      if (news.length > 0) onFound();
    },
    told(event) {
      if (event.type === 'reaction') known = noteTold(known, event);
    },
    documentGone() {
      documents++;
      known = undefined;
      since = undefined;
      lookedAt = -Infinity;
    },
  };
}

async function readReacted(page: Page, known: KnownReactions | undefined): Promise<Reacted[]> {
  const asked: Asked = {
    known: [...(known?.values() ?? [])].filter(({ reactions }) => reactions.length > 0).map(({ stanzaId }) => stanzaId),
    since: Math.floor(Date.now() / 1000) - recent,
    limit: mostMessages,
  };
  const listed = await withDeadline(page.evaluate(listReacted, asked), callTimeoutMs, 'Looking for reactions');
  const wanted = wantedSchema.parse(listed);
  if (wanted.length === 0) return [];
  const raws = await readMissed(page, wanted, callTimeoutMs);
  const detailed = await addDetails(
    page,
    raws.filter((raw) => raw !== undefined),
  );
  return detailed.flatMap((raw) => {
    const read = readMessage(raw);
    if (read.kind !== 'message') return [];
    const { peer, stanzaId, fromMe, content } = read.message;
    // Where they aren't known nothing is said of them.
    return content?.reactions ? [{ peer, stanzaId, fromMe, reactions: content.reactions }] : [];
  });
}

/** Runs in the page. The newest messages that have reactions, or had some when it was last asked. */
function listReacted({ known, since, limit }: Asked): { peer: string; stanzaId: string; fromMe: boolean }[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it runs in WhatsApp's page
  const { __topActive: left } = globalThis as unknown as ReactedWindow;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of another's module, each part of it is looked for
  const collections = left?.need?.('WAWebCollections') as { Msg?: { getModelsArray?: () => AnyMessage[] } } | undefined;
  const had = new Set(known);
  const timeOf = ({ t }: AnyMessage): number => (typeof t === 'number' ? t : 0);
  return (collections?.Msg?.getModelsArray?.() ?? [])
    .filter((message) => timeOf(message) >= since)
    .filter(({ id, hasReaction }) => hasReaction === true || (typeof id?.id === 'string' && had.has(id.id)))
    .toSorted((a, b) => timeOf(b) - timeOf(a))
    .flatMap(({ id }) => {
      const { user, server } = (id?.remote ?? {}) as { user?: unknown; server?: unknown };
      const stanzaId = id?.id;
      if (typeof user !== 'string' || typeof server !== 'string' || typeof stanzaId !== 'string') return [];
      const isPerson = /^(?:c\.us|lid|g\.us)$/.test(server);
      return isPerson ? [{ peer: `${user}@${server}`, stanzaId, fromMe: id?.fromMe === true }] : [];
    })
    .slice(0, limit);
}
