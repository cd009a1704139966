import type { PageChange } from '../builds/change.ts';
import { partOf } from '../builds/part-of.ts';
import type { Modules } from '../registry.ts';

/** `sendSeen(chat)`, as it was until January 2026, instead of `sendSeen({ chat })`. */
export const seenByPosition: PageChange = {
  name: 'sendSeen(chat)',
  apply: ({ modules }) => takeByPosition(modules, 'WAWebUpdateUnreadChatAction', 'sendSeen'),
};

/** `loadEarlierMsgs(chat)`, as it was until April 2026, instead of `loadEarlierMsgs({ chat })`. */
export const historyByPosition: PageChange = {
  name: 'loadEarlierMsgs(chat)',
  apply: ({ modules }) => takeByPosition(modules, 'WAWebChatLoadMessages', 'loadEarlierMsgs'),
};

function takeByPosition(modules: Modules, name: string, member: string): void {
  const exports = partOf(modules, name);
  const takeObject: (input: { chat: object }) => unknown = Object(exports[member]);
  exports[member] = async (chat: object) => {
    const { id } = Object(chat);
    // An object that holds the chat is no chat.
    if (id === undefined) throw new TypeError("Cannot read properties of undefined (reading 'toString')");
    return takeObject({ chat });
  };
}
