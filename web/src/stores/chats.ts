import type { AssistantMode, Chat } from '@top-active/core/contracts';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import { useServices } from '../services.ts';

const pageSize = 50;

/** The list of chats, newest activity first. */
export const useChatsStore = defineStore('chats', () => {
  const { api } = useServices();
  const byId = ref(new Map<string, Chat>());
  const next = ref<string>();
  const loaded = ref(false);
  const busy = ref(false);
  const problem = ref<ApiProblem>();
  let refreshing: Promise<void> | undefined;
  let again: Set<string> | undefined;

  const ordered = computed(() => [...byId.value.values()].toSorted(newestFirst));
  const unread = computed(() => ordered.value.reduce((sum, chat) => sum + (chat.unread > 0 ? 1 : 0), 0));

  async function load(): Promise<void> {
    await guarded(async () => {
      const page = await api.chats.list({ limit: pageSize });
      byId.value = new Map(page.items.map((chat) => [chat.id, chat]));
      next.value = page.next;
      loaded.value = true;
    });
  }

  async function more(): Promise<void> {
    if (busy.value || next.value === undefined) return;
    await guarded(async () => {
      const page = await api.chats.list({ cursor: next.value, limit: pageSize });
      put(page.items);
      next.value = page.next;
    });
  }

  /** Search looks through everything: reads the rest of the list first, a page at a time. */
  async function all(): Promise<void> {
    for (let pages = 0; next.value !== undefined && pages < 20 && !problem.value; pages += 1) await more();
  }

  /** These chats have changed. Activity brings a chat to the top, so mostly one page tells all. */
  async function touched(chatIds: readonly string[]): Promise<void> {
    if (!loaded.value) return;
    if (refreshing) {
      again = new Set([...(again ?? []), ...chatIds]);
      return refreshing;
    }
    refreshing = refresh(new Set(chatIds)).finally(() => (refreshing = undefined));
    await refreshing;
    const missed = again;
    again = undefined;
    if (missed) await touched([...missed]);
  }

  async function refresh(wanted: Set<string>): Promise<void> {
    await guarded(async () => {
      let cursor: string | undefined;
      for (let pages = 0; wanted.size > 0 && pages < 20; pages += 1) {
        const page = await api.chats.list({ cursor, limit: pageSize });
        put(page.items);
        for (const chat of page.items) wanted.delete(chat.id);
        cursor = page.next;
        if (cursor === undefined) return;
      }
    });
  }

  async function setAssistantMode(chatId: string, assistantMode: AssistantMode): Promise<void> {
    await change(chatId, { assistantMode });
  }

  async function markRead(chatId: string): Promise<void> {
    if ((byId.value.get(chatId)?.unread ?? 0) > 0) await change(chatId, { unread: 0 }, { read: true });
  }

  /** Shown at once, taken back if the server says no. @throws ApiProblem */
  async function change(
    chatId: string,
    shown: Partial<Chat>,
    request: { assistantMode?: AssistantMode; read?: true } = shown,
  ): Promise<void> {
    const before = byId.value.get(chatId);
    if (before) put([{ ...before, ...shown }]);
    try {
      put([await api.chats.update(chatId, request)]);
    } catch (error) {
      if (before) put([before]);
      throw error;
    }
  }

  function put(chats: readonly Chat[]): void {
    for (const chat of chats) byId.value.set(chat.id, chat);
  }

  async function guarded(task: () => Promise<void>): Promise<void> {
    busy.value = true;
    try {
      await task();
      problem.value = undefined;
    } catch (error) {
      problem.value = asProblem(error);
    } finally {
      busy.value = false;
    }
  }

  return { byId, ordered, unread, next, loaded, busy, problem, load, more, all, touched, setAssistantMode, markRead };
});

function newestFirst(a: Chat, b: Chat): number {
  if (a.updatedAt !== b.updatedAt) return a.updatedAt > b.updatedAt ? -1 : 1;
  return a.id > b.id ? -1 : 1;
}
