import type { Chat, Wid } from './page-modules.ts';
import type { Need } from './repair-context.ts';

/**
 * Makes `findChat`: the chat that the page has with somebody, under this id or, if there is none, under the same
 * person's other id. Opens none and asks no server. Its source goes into the page.
 */
export function createFindChat(need: Need): (peer: string) => Chat | undefined {
  return (peer) => {
    const chats = need('WAWebCollections')?.Chat;
    const wid = need('WAWebWidFactory')?.createWid?.(peer);
    if (!wid) return undefined;
    const found = chats?.get?.(wid);
    if (found || wid.server === 'g.us') return found;
    let other: Wid | null | undefined;
    try {
      other = need('WAWebApiContact')?.getAlternateUserWid?.(wid);
    } catch {
      // Not an id that has another.
    }
    return other ? chats?.get?.(other) : undefined;
  };
}
