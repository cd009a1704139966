import type { Chat } from '@top-active/core/contracts';
import { computed, ref, watch } from 'vue';
import { useChatsStore } from '../stores/chats.ts';
import { useSuggestionsStore } from '../stores/suggestions.ts';
import { matchesSearch } from '../text/search.ts';

export const chatFilters = ['all', 'unread', 'suggested'] as const;
export type ChatFilter = (typeof chatFilters)[number];

/** The list of chats as the person wants to see it. */
export function useChatFilter(selected: () => string | undefined) {
  const chats = useChatsStore();
  const suggestions = useSuggestionsStore();
  const query = ref('');
  const filter = ref<ChatFilter>('all');

  /** The open chat stays where it is although reading it takes it out of the unread ones. */
  const passes: Record<ChatFilter, (chat: Chat) => boolean> = {
    all: () => true,
    unread: (chat) => chat.unread > 0 || chat.id === selected(),
    suggested: (chat) => isSuggested(chat.id),
  };

  function isSuggested(chatId: string): boolean {
    return suggestions.newestByChat.get(chatId)?.state === 'pending';
  }

  const shown = computed(() =>
    chats.ordered.filter(
      (chat) => passes[filter.value](chat) && (query.value.trim() === '' || matchesSearch(chat, query.value.trim())),
    ),
  );

  watch([query, filter], () => {
    if (query.value !== '' || filter.value !== 'all') void chats.all();
  });

  return { query, filter, shown, isSuggested };
}
