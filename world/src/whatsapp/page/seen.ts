import type { App } from './app.ts';
import type { ChatModel } from './models.ts';
import { ServerStatusCodeError } from './wire-client.ts';

/** Marks a chat as read. Resolves also where nothing was sent: who asks never hears how it went. */
export type MarkSeen = (chat: ChatModel) => Promise<void>;

/**
 * As the page does it: a chat that was marked as unread by hand is left so, what the server refuses is nobody's
 * business, and while the page is not available (nobody looks at it) it waits until it is.
 */
export function createMarkSeen({ stream, wire }: App): MarkSeen {
  const deferred = new Set<ChatModel>();
  stream.on('change:available', () => {
    if (!stream.available) return;
    const chats = [...deferred];
    deferred.clear();
    for (const chat of chats) void markSeen(chat);
  });

  async function markSeen(chat: ChatModel): Promise<void> {
    if (chat.unreadCount <= 0) return;
    if (!stream.available) {
      deferred.add(chat);
      return;
    }
    await wire.request('seen', { chat: chat.id.toString() }).catch((error: unknown) => {
      if (!(error instanceof ServerStatusCodeError)) throw error;
    });
  }

  return markSeen;
}
