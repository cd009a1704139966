import { maxMessageLength, type DeliveryState, type MessageKind } from '@top-active/core/contracts';
import type { Message } from 'whatsapp-web.js';
import type { EngineMessage } from '../engine.ts';

const kinds: Readonly<Record<string, MessageKind>> = {
  chat: 'text',
  image: 'image',
  video: 'video',
  audio: 'audio',
  ptt: 'audio',
  document: 'document',
  sticker: 'sticker',
  location: 'location',
  vcard: 'contact',
  multi_vcard: 'contact',
  revoked: 'revoked',
  poll_creation: 'other',
  list: 'other',
  list_response: 'other',
  buttons_response: 'other',
  template_button_reply: 'other',
  groups_v4_invite: 'other',
  order: 'other',
  product: 'other',
  event_creation: 'other',
  call_log: 'other',
};

/** Their `body` holds words of a person. Of other kinds it holds thumbnails, contact cards and the like. */
const typesWithText = new Set(['chat', 'poll_creation', 'list_response', 'buttons_response', 'template_button_reply']);

/** Of people and groups. WhatsApp's own limits are 25 and 100. */
export const maxNameLength = 200;

/** What was sent to people or groups; not status, channels, broadcasts. */
export function isConversation(peer: string): boolean {
  return /@(?:c\.us|lid|g\.us)$/.test(peer);
}

/** Undefined for what isn't a message between people: notifications, what can't be decrypted yet, status and channels. */
export function readMessage(message: Message): EngineMessage | undefined {
  const kind = kinds[message.type];
  if (kind === undefined || message.isStatus || message.broadcast || !isConversation(message.id.remote))
    return undefined;
  const { remote: peer, _serialized: waId, id: stanzaId } = message.id;
  return {
    peer,
    waId,
    stanzaId,
    fromMe: message.fromMe,
    kind,
    text: message.hasMedia || typesWithText.has(message.type) ? clip(message.body, maxMessageLength) : '',
    sentAt: message.timestamp,
    ...(isEdited(message) && { edited: true }),
    delivery: message.fromMe ? readDelivery(message.ack) : 'delivered',
    pushname: message.fromMe ? undefined : pushnameOf(message),
  };
}

/** A changed body alone may be a thumbnail that has been loaded. */
export function isEdited({ latestEditSenderTimestampMs, latestEditMsgKey }: Message): boolean {
  return Boolean(latestEditSenderTimestampMs) || Boolean(latestEditMsgKey);
}

/** https://docs.wwebjs.dev/global.html#MessageAck */
export function readDelivery(ack: number | undefined): DeliveryState {
  if (ack === undefined || ack === 0) return 'pending';
  if (ack < 0) return 'failed';
  if (ack === 1) return 'sent';
  return ack === 2 ? 'delivered' : 'read';
}

/** The library gives the name only with the raw data. */
function pushnameOf(message: Message): string | undefined {
  const raw: unknown = Reflect.get(message, '_data');
  const name: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, 'notifyName') : undefined;
  return typeof name === 'string' && name !== '' ? clip(name, maxNameLength) : undefined;
}

/**
 * A text as the store can take it. Content is encrypted from phone to phone, so WhatsApp's servers can't hold a changed
 * client to its limits; what is too large for an item would be refused for ever.
 */
export function clip(text: string, maxLength: number): string {
  return text.slice(0, maxLength).toWellFormed();
}
