import type { AcceptSuggestionRequest, Suggestion } from '@top-active/core/contracts';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import { useServices } from '../services.ts';
import { useChatsStore } from './chats.ts';
import { readInTurn } from './read-in-turn.ts';
import { createRememberedSet } from './remembered-set.ts';

/** What the assistant proposes, per chat the newest. */
export const useSuggestionsStore = defineStore('suggestions', () => {
  const { api, local } = useServices();
  const chats = useChatsStore();
  const byId = ref(new Map<string, Suggestion>());
  const loaded = ref(false);
  const problem = ref<ApiProblem>();
  const busy = ref(new Set<string>());
  const putAway = createRememberedSet({ storage: local, key: 'top-active:read-suggestions', limit: 200 });

  const newestByChat = computed(() => {
    const newest = new Map<string, Suggestion>();
    for (const suggestion of byId.value.values()) {
      const chatId = chats.homeOf(suggestion.chatId);
      const other = newest.get(chatId);
      if (!other || suggestion.id > other.id) newest.set(chatId, suggestion);
    }
    return newest;
  });

  const load = readInTurn(async () => {
    try {
      // The newest hundred of all states, and whatever is still open however old it is.
      const [recent, open] = await Promise.all([api.suggestions.list(), api.suggestions.list({ state: 'pending' })]);
      byId.value = new Map([...open.items, ...recent.items].map((suggestion) => [suggestion.id, suggestion]));
      loaded.value = true;
      problem.value = undefined;
    } catch (error) {
      problem.value = asProblem(error);
    }
  });

  /** @throws ApiProblem suggestion_not_pending when it was answered elsewhere or the customer wrote again */
  async function accept(id: string, request: AcceptSuggestionRequest = {}): Promise<void> {
    await act(id, () => api.suggestions.accept(id, request));
  }

  async function dismiss(id: string): Promise<void> {
    await act(id, () => api.suggestions.dismiss(id));
  }

  async function act(id: string, call: () => Promise<Suggestion>): Promise<void> {
    if (busy.value.has(id)) return;
    busy.value.add(id);
    try {
      const changed = await call();
      byId.value.set(changed.id, changed);
    } catch (error) {
      await load();
      throw error;
    } finally {
      busy.value.delete(id);
    }
  }

  /** What the card of a chat shows: open proposals, and outcomes until somebody has read them. */
  function shownIn(chatId: string): Suggestion | undefined {
    const newest = newestByChat.value.get(chatId);
    if (!newest || putAway.ids.has(newest.id)) return undefined;
    const shows =
      newest.state === 'pending' ||
      newest.state === 'accepted' ||
      newest.state === 'failed' ||
      (newest.state === 'sent' && newest.eventUrl !== undefined);
    return shows ? newest : undefined;
  }

  return {
    byId,
    loaded,
    problem,
    busy,
    newestByChat,
    load,
    accept,
    dismiss,
    shownIn,
    putAway: (id: string) => putAway.add(id),
  };
});
