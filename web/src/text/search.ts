import type { Chat } from '@top-active/core/contracts';

/** Without accents and case: `joao` finds `João`. */
function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Every word must occur in the name, the last message or, as digits, in the phone number. */
export function matchesSearch(chat: Chat, query: string): boolean {
  const place = `${folded(chat.name)} ${folded(chat.lastMessage?.text ?? '')}`;
  const digits = query.replaceAll(/\D/g, '');
  if (digits.length >= 3 && chat.phone?.includes(digits)) return true;
  return folded(query)
    .split(/\s+/)
    .every((word) => place.includes(word));
}
