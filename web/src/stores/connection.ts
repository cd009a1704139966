import type { UserEvent } from '@top-active/core/contracts';
import { defineStore } from 'pinia';
import { ref } from 'vue';
import { isSignedOut } from '../api/access.ts';
import { createEventCursor } from '../realtime/event-cursor.ts';
import { startRealtime, type ConnectionState } from '../realtime/realtime.ts';
import { useServices } from '../services.ts';
import { useChatsStore } from './chats.ts';
import { useMeStore } from './me.ts';
import { useSetupStore } from './setup.ts';
import { useSuggestionsStore } from './suggestions.ts';
import { useThreadStore } from './thread.ts';
import { useUnsentStore } from './unsent.ts';

/** Leads the user's events to the stores that show what they are about. */
export const useConnectionStore = defineStore('connection', () => {
  const { api, local, openSocket } = useServices();
  const stores = {
    me: useMeStore(),
    setup: useSetupStore(),
    chats: useChatsStore(),
    suggestions: useSuggestionsStore(),
    thread: useThreadStore(),
    unsent: useUnsentStore(),
  };
  const state = ref<ConnectionState>('connecting');
  let running: { close: () => void } | undefined;

  function start(userId: string): void {
    stop();
    const key = `top-active:seq:${userId}`;
    const remembered = Number(local.getItem(key) ?? Number.NaN);
    const cursor = createEventCursor({
      read: api.events,
      apply: (events) => apply(events),
      reset: reloadAll,
      start: Number.isInteger(remembered) ? remembered : undefined,
      remember: (seq) => local.setItem(key, String(seq)),
    });
    running = startRealtime({
      cursor,
      openSocket,
      ticket: api.ticket,
      isFinal: isSignedOut,
      onState: (next) => (state.value = next),
    });
  }

  function stop(): void {
    running?.close();
    running = undefined;
    state.value = 'connecting';
  }

  function apply(events: UserEvent[]): void {
    const types = new Set(events.map(({ type }) => type));
    for (const [chatId, messageIds] of byChat(events))
      void stores.thread.touched(stores.chats.homeOf(chatId), messageIds);
    const chatIds = events.filter(isAboutChatList).map(({ ids }) => ids.chatId);
    if (chatIds.length > 0) void stores.chats.touched([...new Set(chatIds)]);
    if (types.has('suggestion.created') || types.has('suggestion.updated')) void stores.suggestions.load();
    if (types.has('command.updated')) void stores.unsent.load();
    if (types.has('whatsapp.updated')) void stores.setup.loadWhatsApp();
    if (types.has('credentials.updated')) void stores.setup.loadCredentials();
    if (types.has('profile.updated')) void stores.me.load();
  }

  function reloadAll(): void {
    void stores.me.load();
    void stores.setup.load();
    void stores.chats.load();
    void stores.suggestions.load();
    void stores.unsent.load();
    stores.thread.reload();
  }

  return { state, start, stop };
});

type ChatListEvent = Extract<UserEvent, { type: 'message.stored' | 'message.updated' | 'chat.updated' }>;

function isAboutChatList(event: UserEvent): event is ChatListEvent {
  return event.type === 'message.stored' || event.type === 'message.updated' || event.type === 'chat.updated';
}

/** Which messages changed, per chat; an empty list where only a command did. */
function byChat(events: readonly UserEvent[]): Map<string, string[]> {
  const chats = new Map<string, string[]>();
  for (const event of events) {
    if (event.type === 'command.updated') chats.set(event.ids.chatId, chats.get(event.ids.chatId) ?? []);
    if (event.type !== 'message.stored' && event.type !== 'message.updated') continue;
    chats.set(event.ids.chatId, [...(chats.get(event.ids.chatId) ?? []), event.ids.messageId]);
  }
  return chats;
}
