import { defineStore } from 'pinia';
import { ref } from 'vue';
import { useServices } from '../services.ts';

/** What is half written in each chat; survives a reload, dies with the tab and with signing out. */
export const useDraftsStore = defineStore('drafts', () => {
  const { session } = useServices();
  const texts = ref(new Map<string, string>());

  function of(chatId: string): string {
    return texts.value.get(chatId) ?? session.getItem(keyOf(chatId)) ?? '';
  }

  function set(chatId: string, text: string): void {
    texts.value.set(chatId, text);
    if (text === '') session.removeItem(keyOf(chatId));
    else session.setItem(keyOf(chatId), text);
  }

  return {
    of,
    set,
    /** The chat was merged: what was begun in it goes on in the other, below what was begun there. */
    move(from: string, to: string): void {
      const text = [of(to), of(from)].filter((part) => part !== '').join('\n');
      set(from, '');
      set(to, text);
    },
  };
});

function keyOf(chatId: string): string {
  return `top-active:draft:${chatId}`;
}
