import type { Chat } from '@top-active/core/contracts';

/**
 * What is known of chats: the server's newest word, with the owner's changes on top that the server hasn't answered
 * yet. Answers arrive in any order; one that was asked for before a change was answered may be older than the change,
 * and never takes its place.
 */
export function createKnownChats(show: (chat: Chat) => void) {
  const said = new Map<string, Chat>();
  const underWay = new Map<string, Partial<Chat>[]>();
  const lastChange = new Map<string, Promise<unknown>>();
  /** Counts answers to changes. */
  let answers = 0;
  const answeredAt = new Map<string, number>();

  function put(chat: Chat): void {
    said.set(chat.id, chat);
    display(chat.id);
  }

  function display(chatId: string): void {
    const chat = said.get(chatId);
    if (chat) show(Object.assign({ ...chat }, ...(underWay.get(chatId) ?? [])));
  }

  return {
    /**
     * To be called before chats are asked for.
     * @returns takes what was answered, and gives the ids of chats that must be asked for again
     */
    beginRead(): (chats: readonly Chat[]) => string[] {
      const began = answers;
      return (chats) => {
        const late: string[] = [];
        for (const chat of chats)
          if ((answeredAt.get(chat.id) ?? 0) > began) late.push(chat.id);
          else put(chat);
        return late;
      };
    },

    /**
     * Shown at once, taken back if the server says no. Changes of one chat are sent one after another, so that the last
     * answer has them all.
     * @throws what `send` throws
     */
    async change(chatId: string, shown: Partial<Chat>, send: () => Promise<Chat>): Promise<void> {
      underWay.set(chatId, [...(underWay.get(chatId) ?? []), shown]);
      display(chatId);
      const before = lastChange.get(chatId);
      const sending = (async () => {
        // Whether it went well is for whoever made that one.
        await Promise.allSettled([before]);
        return send();
      })();
      lastChange.set(chatId, sending);
      try {
        said.set(chatId, await sending);
        answeredAt.set(chatId, (answers += 1));
      } finally {
        underWay.set(
          chatId,
          (underWay.get(chatId) ?? []).filter((each) => each !== shown),
        );
        display(chatId);
      }
    },
  };
}
