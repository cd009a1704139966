import type { Chat } from '@top-active/core/contracts';
import { onScopeDispose, ref, watchEffect } from 'vue';
import { useChatsStore } from '../stores/chats.ts';
import { asProblem } from '../api/problem.ts';

/** Whoever looks at the end of a thread has read it: resets the chat's unread messages, once for each new one. */
export function useMarkRead(source: () => { chat: Chat; atBottom: boolean; loaded: boolean }): void {
  const chats = useChatsStore();
  const visible = ref(document.visibilityState === 'visible');
  let done: string | undefined;

  const follow = (): void => {
    visible.value = document.visibilityState === 'visible';
  };
  document.addEventListener('visibilitychange', follow);
  onScopeDispose(() => document.removeEventListener('visibilitychange', follow));

  watchEffect(() => {
    const { chat, atBottom, loaded } = source();
    const occasion = `${chat.lastMessage?.id} ${chat.unread}`;
    if (!visible.value || !atBottom || !loaded || chat.unread === 0 || occasion === done) return;
    done = occasion;
    void mark(chat.id);
  });

  /** A refusal is no news for anybody: the badge stays, and the next message tries again. */
  async function mark(chatId: string): Promise<void> {
    try {
      await chats.markRead(chatId);
    } catch (error) {
      chats.problem = asProblem(error);
    }
  }
}
