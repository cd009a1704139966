import type { FakeState } from './fake-state.ts';

/** A page of a chat's messages, with those of the chats merged into it. */
export function messagePage(state: FakeState, { id, query }: { id: string; query: URLSearchParams }) {
  const merged = state.chats.find((chat) => chat.id === id)?.merged ?? [];
  const parts = new Set([id, ...merged.map((one) => one.id)]);
  const all = state.messages.filter((message) => parts.has(message.chatId)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const limit = Number(query.get('limit') ?? 50);
  const before = query.get('before');
  const after = query.get('after');
  const candidates = all.filter(
    (message) => (before === null || message.id < before) && (after === null || message.id > after),
  );
  const items = after === null ? candidates.slice(-limit) : candidates.slice(0, limit);
  const [first] = items;
  const last = items.at(-1);
  return {
    items,
    ...(first && all[0] && first.id > all[0].id ? { before: first.id } : {}),
    ...(last && last.id < (all.at(-1)?.id ?? '') ? { after: last.id } : {}),
    outgoing: state.outgoing.filter((command) => command.chatId === id),
  };
}
