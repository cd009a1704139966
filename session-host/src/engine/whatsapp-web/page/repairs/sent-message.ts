import type { Chat, Msg } from '../page-modules.ts';
import type { RepairContext } from '../repair-context.ts';

/**
 * The library looks its sent message up by the text of its key, and answers "nothing sent" where it doesn't find it,
 * although it was sent. Then it is looked for among what the chat got since the call: ours, with these words. Under the
 * person's other id too, since the page may have put it there.
 */
export function repairSentMessage({ need, report, onLibrary }: RepairContext): void {
  const messagesOf = (chat: Chat | undefined): Msg[] => chat?.msgs?.getModelsArray?.() ?? [];

  const siblingOf = (chat: Chat): Chat | undefined => {
    try {
      const other = need('WAWebApiContact')?.getAlternateUserWid?.(chat.id);
      return other ? need('WAWebCollections')?.Chat?.get?.(other) : undefined;
    } catch {
      // A group has no other id.
      return undefined;
    }
  };

  onLibrary({
    wrap: {
      sendMessage: (original) => async (chat, content, options) => {
        const own = chat as Chat;
        const all = (): Msg[] => [...messagesOf(own), ...messagesOf(siblingOf(own))];
        const before = new Set(all().map(({ id }) => id.id));
        const sent = await original(chat, content, options);
        if (sent) return sent;
        const found = all().findLast(
          ({ id, body, caption }) => id.fromMe && !before.has(id.id) && (body === content || caption === content),
        );
        if (found) report({ applied: true, how: "found among the chat's messages" });
        return found ?? sent;
      },
    },
  });
}
