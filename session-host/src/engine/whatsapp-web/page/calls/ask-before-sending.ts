import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../../with-deadline.ts';

/** In WhatsApp's page. Whatever it doesn't have forbids nothing. */
interface PageWindow {
  __topActive?: { need: (module: string) => unknown };
}

interface Wid {
  toString(): string;
}

interface PageModules {
  createWid?: (id: string) => Wid;
  getAlternateUserWid?: (id: Wid) => Wid | undefined;
  Chat?: { get(id: Wid): PageChat | undefined };
  Contact?: { get(id: Wid): { isContactBlocked?: boolean } | undefined };
  Blocklist?: { get(id: Wid): unknown };
  getMaybeMePnUser?: () => Wid | undefined;
  getMaybeMeLidUser?: () => Wid | undefined;
  canSendMsgWhileTimelocked?: (of: { chat: unknown; contact: unknown }) => boolean;
  canSendMsgWhileCapped?: (of: { chat: unknown; contact: unknown }) => boolean;
}

interface PageChat {
  getTcToken?: () => unknown;
}

declare const window: PageWindow;

const timeoutMs = 10_000;

const answerSchema = z.object({
  /** The owner has blocked this contact. */
  blocked: z.boolean(),
  /** WhatsApp takes a message to this chat whatever is restricted: who has written before, groups, oneself. */
  whileTimelocked: z.boolean(),
  whileCapped: z.boolean(),
});
export type BeforeSending = z.infer<typeof answerSchema>;

/** What the page knows of a chat that decides whether WhatsApp would take a message to it. Nothing is sent for it. */
export async function askBeforeSending(page: Page, peer: string): Promise<BeforeSending> {
  const answer = await withDeadline(
    page.evaluate((id) => {
      const need = (name: string): PageModules => window.__topActive?.need(name) ?? {};
      const attempt = <T>(work: () => T): T | undefined => {
        try {
          return work();
        } catch {
          // What isn't known refuses nothing: WhatsApp decides.
          return undefined;
        }
      };
      const { Chat, Contact, Blocklist } = need('WAWebCollections');
      const wid = attempt(() => need('WAWebWidFactory').createWid?.(id));
      const other = wid && attempt(() => need('WAWebApiContact').getAlternateUserWid?.(wid));
      const ids = [wid, other].filter((one): one is Wid => one !== undefined && one !== null);
      const find = <T>(get: ((one: Wid) => T | undefined) | undefined): T | undefined =>
        get && ids.map((one) => attempt(() => get(one))).find((found) => found !== undefined && found !== null);
      const chat = find((one) => Chat?.get(one));
      const contact = find((one) => Contact?.get(one));
      const blocked =
        find((one) => Blocklist?.get(one)) !== undefined ||
        ids.some((one) => attempt(() => Contact?.get(one)?.isContactBlocked) === true);
      const me = need('WAWebUserPrefsMeUser');
      const isSelf = [me.getMaybeMePnUser, me.getMaybeMeLidUser].some((who) => {
        const own = attempt(() => who?.()?.toString());
        return own !== undefined && ids.some((one) => one.toString() === own);
      });
      const isKnown = isSelf || id.endsWith('@g.us') || (attempt(() => chat?.getTcToken?.()) ?? null) !== null;
      const { canSendMsgWhileTimelocked } = need('WAWebReachoutTimelockUtils');
      const { canSendMsgWhileCapped } = need('WAWebIndividualNewChatMessageCappingLimitUtils');
      return {
        blocked,
        whileTimelocked: isKnown || attempt(() => canSendMsgWhileTimelocked?.({ chat, contact })) === true,
        whileCapped: isKnown || attempt(() => canSendMsgWhileCapped?.({ chat, contact })) === true,
      };
    }, peer),
    timeoutMs,
    'Asking before sending',
  );
  return answerSchema.parse(answer);
}
