/* oxlint-disable unicorn/consistent-function-scoping -- the source of one function is all that the page gets */
import type { Page } from 'puppeteer';
import { z } from 'zod';
import type { EngineEvent } from '../../engine.ts';
import { withDeadline } from '../../with-deadline.ts';
import { readMessage } from '../messages/read-message.ts';
import { addDetails } from '../page/add-details.ts';
import { readMissed } from './read-missed.ts';

type PollEvent = Extract<EngineEvent, { type: 'poll' }>;

const callTimeoutMs = 10_000;
/** Votes on older polls come with the next catch-up. Seconds. */
const recent = 7 * 24 * 3600;
const mostPolls = 8;

interface AnyMessage {
  id?: { id?: unknown; fromMe?: unknown; remote?: unknown };
  t?: unknown;
  type?: unknown;
}

interface PollWindow {
  __topActive?: { need?: (name: string) => unknown };
}

const wantedSchema = z
  .array(z.object({ peer: z.string().max(64), stanzaId: z.string().min(1).max(128), fromMe: z.boolean() }))
  .max(mostPolls);

/**
 * Votes on recent polls, where the page works on them elsewhere than the library listens: they are read from the page's
 * own table.
 */
export interface VoteWatch {
  /**
   * Looks into the page once it `isReady`, at most every `everyMs`. What it finds first of a poll is told too: whoever
   * stores it knows whether that is news.
   */
  look(page: Page, isReady: boolean): Promise<void>;
  /** The library has told of something. */
  told(event: EngineEvent): void;
  documentGone(): void;
}

export function createVoteWatch({ everyMs, emit }: { everyMs: number; emit: (event: EngineEvent) => void }): VoteWatch {
  /** What each poll was last told with, by direction and stanza id; of one document, so that they are few. */
  let known = new Map<string, string>();
  let lookedAt = -Infinity;

  return {
    async look(page, isReady) {
      if (!isReady || performance.now() - lookedAt < everyMs) return;
      lookedAt = performance.now();
      const of = known;
      for (const event of await readPolls(page)) {
        if (of !== known) return;
        if (known.get(keyOf(event)) === JSON.stringify(event.poll)) continue;
        known.set(keyOf(event), JSON.stringify(event.poll));
        emit(event);
      }
    },
    told(event) {
      if (event.type === 'poll') known.set(keyOf(event), JSON.stringify(event.poll));
    },
    documentGone() {
      known = new Map();
      lookedAt = -Infinity;
    },
  };
}

function keyOf({ stanzaId, fromMe }: PollEvent): string {
  return `${fromMe ? 'out' : 'in'} ${stanzaId}`;
}

async function readPolls(page: Page): Promise<PollEvent[]> {
  const asked = { since: Math.floor(Date.now() / 1000) - recent, limit: mostPolls };
  const listed = await withDeadline(page.evaluate(listPolls, asked), callTimeoutMs, 'Looking for polls');
  const wanted = wantedSchema.parse(listed);
  if (wanted.length === 0) return [];
  const raws = await readMissed(page, wanted, callTimeoutMs);
  const detailed = await addDetails(
    page,
    raws.filter((raw) => raw !== undefined),
  );
  return detailed.flatMap((raw) => {
    const read = hasVotes(raw) ? readMessage(raw) : undefined;
    if (read?.kind !== 'message') return [];
    const { peer, stanzaId, fromMe, content } = read.message;
    return content?.poll ? [{ type: 'poll' as const, peer, stanzaId, fromMe, poll: content.poll }] : [];
  });
}

/** The table could be read. Without it a poll looks as if nobody had voted. */
function hasVotes(raw: unknown): boolean {
  return z.object({ topActive: z.object({ votes: z.array(z.unknown()) }) }).safeParse(raw).success;
}

/** Runs in the page. The newest polls. */
function listPolls({ since, limit }: { since: number; limit: number }) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it runs in WhatsApp's page
  const { __topActive: left } = globalThis as unknown as PollWindow;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of another's module, each part of it is looked for
  const collections = left?.need?.('WAWebCollections') as { Msg?: { getModelsArray?: () => AnyMessage[] } } | undefined;
  const timeOf = ({ t }: AnyMessage): number => (typeof t === 'number' ? t : 0);
  return (collections?.Msg?.getModelsArray?.() ?? [])
    .filter((message) => message.type === 'poll_creation' && timeOf(message) >= since)
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
