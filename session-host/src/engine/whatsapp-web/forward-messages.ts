import type { Client, Message } from 'whatsapp-web.js';
import type { EngineEvent } from '../engine.ts';
import { isConversation, isEdited, readDelivery, readMessage } from './read-message.ts';

/** Tells on what the library tells of messages and chats. */
export function forwardMessages({
  client,
  emit,
  onTick,
}: {
  client: Client;
  emit: (event: EngineEvent) => void;
  /** WhatsApp has taken a message of ours, or refused it. */
  onTick: (stanzaId: string) => void;
}): void {
  client.on('message_create', (message) => {
    const read = readMessage(message);
    if (read) emit({ type: 'message', message: read });
  });
  client.on('message_ack', (message, ack: number) => {
    if (!message.fromMe || !isConversation(message.id.remote)) return;
    if (ack !== 0) onTick(message.id.id);
    emit({ type: 'delivery', peer: message.id.remote, stanzaId: message.id.id, delivery: readDelivery(ack) });
  });
  client.on('message_edit', (message: Message) => {
    if (!isEdited(message)) return;
    const read = readMessage(message);
    if (read) emit({ type: 'edit', peer: read.peer, stanzaId: read.stanzaId, fromMe: read.fromMe, text: read.text });
  });
  client.on('message_revoke_everyone', (message) => {
    const { remote, id, fromMe } = message.protocolMessageKey ?? message.id;
    if (isConversation(remote)) emit({ type: 'revoke', peer: remote, stanzaId: id, fromMe });
  });
  client.on('unread_count', (chat) => {
    const peer = `${chat.id.user}@${chat.id.server}`;
    if (isConversation(peer)) emit({ type: 'unread', peer, unread: Math.max(0, chat.unreadCount) });
  });
}
