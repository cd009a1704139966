import type { Page } from 'puppeteer';
import type { FetchedRange } from '../../../engine.ts';
import { parseRawMessage } from '../../messages/raw-message.ts';
import { readMessage } from '../../messages/read-message.ts';
import { readSentAt } from '../../messages/read-time.ts';
import { addDetails } from '../add-details.ts';
import { fetchMessages } from './fetch-messages.ts';

const firstFetch = 50;

/** The chat's messages from `since` (epoch seconds) on, and at least the newest `atLeast`, at most `atMost`. */
export async function fetchSince(
  page: Page,
  peer: string,
  { since, atLeast, atMost }: { since: number; atLeast: number; atMost: number },
): Promise<FetchedRange> {
  for (let limit = Math.min(atMost, Math.max(atLeast, firstFetch)); ; limit = Math.min(atMost, limit * 4)) {
    const { models, unreadable, complete } = await fetchMessages(page, { peer, limit });
    const dated = models.map((model) => ({
      model,
      sentAt: readSentAt(parseRawMessage(model) ?? {}, Date.now() / 1000),
    }));
    const isAll = dated.length < limit || limit >= atMost;
    if (!isAll && (dated[0]?.sentAt ?? 0) >= since) continue;
    const newest = Math.max(0, dated.length - atLeast);
    const wanted = dated.filter(({ sentAt }, index) => index >= newest || sentAt >= since);
    const detailed = await addDetails(
      page,
      wanted.map(({ model }) => model),
    );
    const read = detailed.map((raw) => readMessage(raw));
    const reachesBack = complete || (dated[0] !== undefined && dated[0].sentAt < since);
    return {
      messages: read.flatMap((one) => (one.kind === 'message' ? [one.message] : [])),
      isWhole: reachesBack && unreadable === 0 && read.every(({ kind }) => kind !== 'unreadable'),
    };
  }
}
