import type { AssistantMode, Chat } from '@top-active/core/contracts';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import { useServices } from '../services.ts';
import { createKnownChats } from './known-chats.ts';

const pageSize = 50;

/** The list of chats, newest activity first. */
export const useChatsStore = defineStore('chats', () => {
  const { api } = useServices();
  const byId = ref(new Map<string, Chat>());
  const known = createKnownChats((chat) => byId.value.set(chat.id, chat));
  const next = ref<string>();
  const loaded = ref(false);
  const busy = ref(false);
  const problem = ref<ApiProblem>();
  let refreshing: Promise<void> | undefined;
  let again: Set<string> | undefined;

  /** Which chat each merged one is shown in. */
  const merged = computed(
    () => new Map([...byId.value.values()].flatMap((chat) => (chat.merged ?? []).map(({ id }) => [id, chat.id]))),
  );
  const ordered = computed(() =>
    [...byId.value.values()].filter(({ id }) => !merged.value.has(id)).toSorted(newestFirst),
  );
  const unread = computed(() => ordered.value.reduce((sum, chat) => sum + (chat.unread > 0 ? 1 : 0), 0));

  async function load(): Promise<void> {
    const late = await guarded(async () => {
      const take = known.beginRead();
      const page = await api.chats.list({ limit: pageSize });
      const listed = new Set(page.items.map(({ id }) => id));
      for (const id of byId.value.keys()) if (!listed.has(id)) byId.value.delete(id);
      next.value = page.next;
      loaded.value = true;
      return take(page.items);
    });
    await touched(late ?? []);
  }

  async function more(): Promise<void> {
    if (busy.value || next.value === undefined) return;
    const late = await guarded(async () => {
      const take = known.beginRead();
      const page = await api.chats.list({ cursor: next.value, limit: pageSize });
      next.value = page.next;
      return take(page.items);
    });
    await touched(late ?? []);
  }

  /** Search looks through everything: reads the rest of the list first, a page at a time. */
  async function all(): Promise<void> {
    for (let pages = 0; next.value !== undefined && pages < 20 && !problem.value; pages += 1) await more();
  }

  /** These chats have changed. Activity brings a chat to the top, so mostly one page tells all. */
  async function touched(chatIds: readonly string[]): Promise<void> {
    if (!loaded.value || chatIds.length === 0) return;
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
        const take = known.beginRead();
        const page = await api.chats.list({ cursor, limit: pageSize });
        const late = take(page.items);
        if (late.length > 0) again = new Set([...(again ?? []), ...late]);
        for (const chat of page.items) for (const { id } of [chat, ...(chat.merged ?? [])]) wanted.delete(id);
        cursor = page.next;
        if (cursor === undefined) return;
      }
    });
  }

  /** @throws ApiProblem */
  async function setAssistantMode(chatId: string, assistantMode: AssistantMode): Promise<void> {
    await known.change(chatId, { assistantMode }, () => api.chats.update(chatId, { assistantMode }));
  }

  /** @throws ApiProblem */
  async function markRead(chatId: string): Promise<void> {
    if ((byId.value.get(chatId)?.unread ?? 0) === 0) return;
    await known.change(chatId, { unread: 0 }, () => api.chats.update(chatId, { read: true }));
  }

  /** @throws ApiProblem */
  async function unmerge(chatId: string, mergedId: string): Promise<void> {
    const take = known.beginRead();
    const { items } = await api.chats.unmerge(chatId, mergedId);
    await touched(take(items));
  }

  /** @throws ApiProblem */
  async function rejoin(chatId: string, otherId: string): Promise<void> {
    const take = known.beginRead();
    await touched(take([await api.chats.rejoin(chatId, otherId)]));
  }

  /** The chat under which a chat is shown: itself, or the one that it was merged into. */
  function homeOf(chatId: string): string {
    return merged.value.get(chatId) ?? chatId;
  }

  async function guarded<T>(task: () => Promise<T>): Promise<T | undefined> {
    busy.value = true;
    try {
      const result = await task();
      problem.value = undefined;
      return result;
    } catch (error) {
      problem.value = asProblem(error);
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  return {
    byId,
    ordered,
    unread,
    next,
    loaded,
    busy,
    problem,
    load,
    more,
    all,
    touched,
    setAssistantMode,
    markRead,
    unmerge,
    rejoin,
    homeOf,
  };
});

function newestFirst(a: Chat, b: Chat): number {
  if (a.updatedAt !== b.updatedAt) return a.updatedAt > b.updatedAt ? -1 : 1;
  return a.id > b.id ? -1 : 1;
}
