import type { Restriction, SendFailure } from '@top-active/core/contracts';
import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../with-deadline.ts';

/** In WhatsApp's page. */
interface PageWindow {
  require?: (module: string) => { Msg: { getModelsArray(): PageMessage[] } };
}

interface PageMessage {
  id: { id: string; fromMe: boolean };
  ack?: number;
  isSendFailure?: boolean;
  errorCode?: unknown;
}

declare const window: PageWindow;

const timeoutMs = 10_000;

const outcomeSchema = z.object({
  stanzaId: z.string(),
  ack: z.number().catch(0),
  isSendFailure: z.boolean().catch(false),
  /** WhatsApp's name or number of the reason, which a failure needn't have. 2 is a used-up quota. */
  errorCode: z.string().catch(''),
});
export type SendOutcome = z.infer<typeof outcomeSchema>;

/**
 * What became of these messages of the owner's, as the page has them. A failure without a word from WhatsApp's servers
 * sets `isSendFailure` alone, of which the library tells nothing: the tick stays what it was.
 */
export async function readSendOutcomes(page: Page, stanzaIds: readonly string[]): Promise<SendOutcome[]> {
  const outcomes = await withDeadline(
    page.evaluate((wanted) => {
      const ids = new Set(wanted);
      const messages = window.require?.('WAWebCollections').Msg.getModelsArray() ?? [];
      return messages
        .filter(({ id }) => id.fromMe && ids.has(id.id))
        .map(({ id, ack, isSendFailure, errorCode }) => ({
          stanzaId: id.id,
          ack,
          isSendFailure,
          errorCode: typeof errorCode === 'string' || typeof errorCode === 'number' ? String(errorCode) : '',
        }));
    }, stanzaIds),
    timeoutMs,
    'Looking at what was sent',
  );
  return z.array(outcomeSchema).parse(outcomes);
}

/**
 * Why it failed; undefined: it hasn't. A failed edit marks the message that it was to change, which has left long
 * before. WhatsApp names no reason when the account may not write to strangers: what is known of its restrictions does.
 */
export function failureOf(
  { ack, isSendFailure, errorCode }: Omit<SendOutcome, 'stanzaId'>,
  restrictions: readonly Restriction[],
): SendFailure | undefined {
  if (ack > 0 || (ack === 0 && !isSendFailure)) return undefined;
  if (/^2$|MaxMonthlyLimit|NewChatMessagesCapped/i.test(errorCode)) return 'new_chats_used_up';
  if (ack === 0) return 'not_sent';
  const isTimelocked = restrictions.some(({ kind, level }) => kind === 'reachout' && level === 'limited');
  return isTimelocked ? 'reachout_restricted' : 'refused';
}
