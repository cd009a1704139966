import type { RepairContext } from '../repair-context.ts';

/**
 * A person has two ids, and the page keeps the chat under one of them. Where the library finds no chat under the id
 * that it was given, and the page opens none, the chat under the person's other id is the one.
 */
export function repairSiblingChat({ report, onLibrary }: RepairContext): void {
  onLibrary({
    wrap: {
      getChat: (original) => async (chatId, options) => {
        let failure: unknown;
        let found: unknown;
        try {
          found = await original(chatId, options);
        } catch (error) {
          failure = error;
        }
        if (found) return found;
        const chat = globalThis.__topActive?.findChat(String(chatId));
        if (!chat) {
          if (failure !== undefined) throw failure;
          return found;
        }
        report({ applied: true, how: 'the chat under the other id' });
        const wantsModel = (options as { getAsModel?: boolean } | undefined)?.getAsModel !== false;
        return wantsModel ? globalThis.WWebJS?.getChatModel?.(chat) : chat;
      },
    },
  });
}
