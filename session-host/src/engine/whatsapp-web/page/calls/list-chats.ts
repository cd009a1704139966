import type { Page } from 'puppeteer';
import { z } from 'zod';
import type { EngineChat } from '../../../engine.ts';
import { withDeadline } from '../../../with-deadline.ts';
import type { PreludeWindow } from '../repair-context.ts';

declare const window: PreludeWindow;

const timeoutMs = 15_000;

const chatsSchema = z.array(
  z.object({ peer: z.string(), lastMessageAt: z.number(), unread: z.number() }) satisfies z.ZodType<EngineChat>,
);

/**
 * People and groups, as the page has them. Not by the library's getChats, which asks WhatsApp for the members of every
 * group, and fails as a whole when one chat does: here a chat that can't be read is left out.
 */
export async function listChats(page: Page): Promise<EngineChat[]> {
  const chats = await withDeadline(
    page.evaluate(() => {
      const all = window.__topActive?.need('WAWebCollections')?.Chat?.getModelsArray?.() ?? [];
      const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
      return all.flatMap((chat) => {
        try {
          const { user, server } = chat.id;
          if (server !== 'c.us' && server !== 'lid' && server !== 'g.us') return [];
          const { t, unreadCount } = chat;
          const unread = isNumber(unreadCount) ? Math.max(0, unreadCount) : 0;
          return [{ peer: `${user}@${server}`, lastMessageAt: isNumber(t) ? t : 0, unread }];
        } catch {
          // The probe says when there are many of them.
          return [];
        }
      });
    }),
    timeoutMs,
    'Listing chats',
  );
  return chatsSchema.parse(chats);
}
