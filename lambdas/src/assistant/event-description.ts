import type { ChatRecord } from '@top-active/aws';
import type { Locale } from '@top-active/core/contracts';

/** For the owner's own calendar: who comes. Google renders descriptions as HTML, and customers choose their names. */
export function descriptionOf(chat: Pick<ChatRecord, 'name' | 'phone'> | undefined, locale: Locale): string {
  const who = escapeHtml([chat?.name, chat?.phone && `+${chat.phone}`].filter(Boolean).join(', '));
  return locale === 'en' ? `WhatsApp: ${who}\nBooked with Top Active` : `WhatsApp: ${who}\nMarcado com Top Active`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
