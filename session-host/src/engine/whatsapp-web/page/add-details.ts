import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../with-deadline.ts';
import { parseRawMessage } from '../messages/raw-message.ts';
import { readKey } from '../messages/read-key.ts';
import type { PreludeWindow } from './repair-context.ts';

declare const window: PreludeWindow;

const patienceMs = 5_000;
const timeoutMs = 15_000;
/** Of the newest: most messages have neither. */
const mostAtOnce = 500;

interface Wanted {
  /** The whole id of the message. */
  key: string;
  reacted: boolean;
  poll: boolean;
}

const detailsSchema = z.array(
  z.object({
    key: z.string(),
    reactions: z.array(z.unknown()).optional().catch(undefined),
    votes: z.array(z.unknown()).optional().catch(undefined),
  }),
);

/**
 * Adds to messages' data, as `topActive`, what the page keeps elsewhere: their reactions, and the votes of polls. What
 * can't be found is left out; nothing of it keeps a message from being read.
 */
export async function addDetails(page: Page, models: readonly unknown[]): Promise<unknown[]> {
  const wanted = models.flatMap((model) => wantedOf(model) ?? []).slice(-mostAtOnce);
  const found = wanted.length === 0 ? [] : await findDetails(page, wanted);
  const byKey = new Map(found.map(({ key, ...details }) => [key, details]));
  return models.map((model) => {
    const raw = parseRawMessage(model);
    if (!raw) return model;
    const none = raw.hasReaction === false ? { reactions: [] } : undefined;
    const details = { ...raw.topActive, ...none, ...byKey.get(readKey(raw.id, raw)?.waId ?? '') };
    return { ...Object(model), topActive: details };
  });
}

function wantedOf(model: unknown): Wanted | undefined {
  const raw = parseRawMessage(model);
  const key = readKey(raw?.id, raw)?.waId;
  const wants = { reacted: raw?.hasReaction === true, poll: raw?.type === 'poll_creation' };
  return key !== undefined && (wants.reacted || wants.poll) ? { key, ...wants } : undefined;
}

async function findDetails(page: Page, wanted: readonly Wanted[]): Promise<z.infer<typeof detailsSchema>> {
  const looking = page.evaluate(findInPage, { wanted, patienceMs });
  // A page that doesn't answer is found by its heartbeat; the messages are here already.
  const found = await withDeadline(looking, timeoutMs, 'Looking for reactions and votes').catch(() => []);
  return detailsSchema.catch([]).parse(found);
}

/** Runs in the page. */
async function findInPage({ wanted, patienceMs: forMs }: { wanted: readonly Wanted[]; patienceMs: number }) {
  const ours = window.__topActive;
  const textOf = (id: unknown): string => {
    if (typeof id !== 'object' || id === null) return String(id);
    const { user, server } = id as { user?: unknown; server?: unknown };
    return typeof user === 'string' && typeof server === 'string' ? `${user}@${server}` : String(id);
  };

  const nameOf = (id: string): string | undefined => {
    const wid = ours?.need('WAWebWidFactory')?.createWid?.(id);
    const contact = wid && ours?.need('WAWebCollections')?.Contact?.get?.(wid);
    return [contact?.name, contact?.verifiedName, contact?.pushname].find((name) => name);
  };

  const reactionsOf = async (key: string) => {
    const kept = await ours?.need('WAWebCollections')?.Reactions?.find?.(key);
    const groups = kept?.reactions?.getModelsArray?.();
    return groups?.flatMap(({ aggregateEmoji, senders }) =>
      (senders ?? []).map(({ msgKey, senderUserJid, reactionText, timestamp }) => {
        const senderId = textOf(senderUserJid);
        return {
          emoji: reactionText ?? aggregateEmoji,
          senderId,
          senderName: key.includes('@g.us_') ? nameOf(senderId) : undefined,
          fromMe: msgKey?.fromMe === true,
          at: timestamp,
        };
      }),
    );
  };

  const votesOf = async (key: string) => {
    const rows = await ours?.need('WAWebPollsVotesSchema')?.getTable?.().equals?.(['parentMsgKey'], key);
    return rows
      ?.toSorted((a, b) => (a.senderTimestampMs ?? 0) - (b.senderTimestampMs ?? 0))
      .map(({ sender, selectedOptionLocalIds: chosen }) => ({
        voter: textOf(sender),
        options: chosen instanceof ArrayBuffer ? [...new Uint8Array(chosen)] : [...(chosen ?? [])],
      }));
  };

  const tried = async <T>(find: Promise<T>): Promise<T | undefined> => {
    const late = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), forMs);
    });
    try {
      return await Promise.race([find, late]);
    } catch (error) {
      ours?.report('message-details', { applied: true, how: `without some of it: ${String(error)}` });
      return undefined;
    }
  };

  return Promise.all(
    wanted.map(async ({ key, reacted, poll }) => ({
      key,
      reactions: reacted ? await tried(reactionsOf(key)) : undefined,
      votes: poll ? await tried(votesOf(key)) : undefined,
    })),
  );
}
