import type { Chat, Outgoing, Suggestion, UpdateChatRequest } from '@top-active/core/contracts';
import { refusal } from './fake-answers.ts';
import { given, type FakeState } from './fake-state.ts';

/** Chats, their messages and suggestions. */
export function createFakeChats(state: FakeState) {
  const sent = new Map<string, Outgoing>();

  function chatOf(id: string): Chat | Response {
    return state.chats.find((chat) => chat.id === id) ?? refusal('chat_not_found');
  }

  return {
    patchChat(id: string, { read, ...changes }: UpdateChatRequest): Chat | Response {
      state.chats = state.chats.map((chat) =>
        chat.id === id ? { ...chat, ...given(changes), unread: read ? 0 : chat.unread } : chat,
      );
      return chatOf(id);
    },
    takeOut(id: string, mergedId: string) {
      const items = state.chats.flatMap((chat) => {
        const { merged = [], ...rest } = chat;
        const one = merged.find((entry) => entry.id === mergedId);
        if (chat.id !== id || !one) return [chat];
        const { name, phone } = one;
        return [
          { ...rest, apartFrom: [mergedId] },
          { ...rest, id: mergedId, name, phone, apartFrom: [id] },
        ];
      });
      state.chats = items;
      return { items };
    },
    rejoin(id: string, otherId: string): Chat | Response {
      const mergedAt = new Date().toISOString();
      state.chats = state.chats.flatMap((chat) =>
        chat.id === otherId
          ? []
          : [chat.id === id ? { ...chat, apartFrom: [], merged: [{ id: otherId, name: '', mergedAt }] } : chat],
      );
      return chatOf(id);
    },
    takeMessage(id: string, text: string, headers: Headers): Outgoing {
      const key = headers.get('idempotency-key') ?? '';
      const command = sent.get(key) ?? {
        id: `01JD3W5ZK2Q8N6V4T0XHRB7${String(sent.size).padStart(3, '0')}`,
        chatId: id,
        state: 'PENDING',
        text,
        author: 'owner',
        createdAt: new Date().toISOString(),
      };
      if (!sent.has(key)) state.outgoing = [...state.outgoing, command];
      sent.set(key, command);
      return command;
    },
    changeSuggestion(id: string, changes: Partial<Suggestion>): Suggestion | Response {
      state.suggestions = state.suggestions.map((suggestion) =>
        suggestion.id === id ? { ...suggestion, ...changes } : suggestion,
      );
      return state.suggestions.find((suggestion) => suggestion.id === id) ?? refusal('suggestion_not_found');
    },
  };
}
