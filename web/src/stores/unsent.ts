import type { Outgoing } from '@top-active/core/contracts';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useServices } from '../services.ts';
import { readInTurn } from './read-in-turn.ts';
import { createRememberedSet } from './remembered-set.ts';

/** Messages of all chats that failed or may not have left, so that they are seen without opening the chat. */
export const useUnsentStore = defineStore('unsent', () => {
  const { api, local } = useServices();
  const items = ref<Outgoing[]>([]);
  /** Commands that were sent anew or put away: the server keeps showing them, the person has dealt with them. */
  const hidden = createRememberedSet({ storage: local, key: 'top-active:put-away', limit: 200 });

  /** Per chat the worse of them: of an unknown one somebody has to look at the phone. */
  const byChat = computed(() => {
    const chats = new Map<string, 'failed' | 'unknown'>();
    for (const { id, chatId, state } of items.value) {
      if (hidden.ids.has(id)) continue;
      if (state === 'UNKNOWN') chats.set(chatId, 'unknown');
      else if (!chats.has(chatId)) chats.set(chatId, 'failed');
    }
    return chats;
  });

  const load = readInTurn(async () => {
    try {
      items.value = (await api.outgoing()).items;
    } catch {
      // What was known stays; the chats themselves say when the server doesn't answer.
    }
  });

  return { byChat, hidden: hidden.ids, putAway: (id: string) => hidden.add(id), load };
});
