import type { RepairContext } from '../repair-context.ts';

/**
 * In January 2026 `sendSeen(chat)` became `sendSeen({ chat })`. The library asks by the newer one; where the page takes
 * that for a chat, it is asked by the older one. Also ends the account's presence that the library begins for it,
 * whatever comes of the call.
 */
export function repairSeenSignature({ need, report, onLibrary }: RepairContext): void {
  onLibrary({
    wrap: {
      sendSeen: (original) => async (chatId) => {
        try {
          return await original(chatId);
        } catch (error) {
          const chat = globalThis.__topActive?.findChat(String(chatId));
          const sendSeen = need('WAWebUpdateUnreadChatAction')?.sendSeen;
          if (!(error instanceof TypeError) || !chat || !sendSeen) throw error;
          await sendSeen(chat);
          report({ applied: true, how: 'sendSeen(chat)' });
          return true;
        } finally {
          need('WAWebStreamModel')?.Stream?.markUnavailable?.();
        }
      },
    },
  });
}
