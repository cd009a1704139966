import type { Client } from 'whatsapp-web.js';
import type { EngineEvent } from '../../engine.ts';
import { forwardReactions } from './forward-reactions.ts';
import { parseRawMessage, rawOf } from './raw-message.ts';
import { readDelivery } from './read-delivery.ts';
import { readKey } from './read-key.ts';
import { isEdited, readMessage } from './read-message.ts';
import { asNewlyReceived } from './read-votes.ts';
import { isConversation } from './read-wid.ts';

/**
 * What the library tells of messages is read by whatever their ids have, not by the name of one property: see
 * `read-key.ts`. Tests switch it off by this name.
 */
export const readsAnyKey = 'any-key';

/** Tells on what the library tells of messages and chats. */
export function forwardMessages({
  client,
  emit,
  onTick,
  off = [],
}: {
  client: Client;
  emit: (event: EngineEvent) => void;
  /** Repairs that are switched off, by name. */
  off?: readonly string[] | undefined;
  /** WhatsApp has taken a message of ours, or refused it. */
  onTick: (stanzaId: string) => void;
}): void {
  const isReadable = (raw: unknown) => !off.includes(readsAnyKey) || hasNamedText(raw);
  const tell = (message: unknown) => {
    const raw = rawOf(message);
    if (isReadable(raw)) tellMessage(raw, emit);
    else emit({ type: 'unreadable', why: 'its id has no _serialized' });
  };
  client.on('message_create', tell);
  // Told again as `message_create` once it is decrypted.
  client.on('message_ciphertext', tell);
  client.on('message_ack', (message: unknown, ack: number) => {
    const raw = parseRawMessage(rawOf(message));
    const key = readKey(raw?.id, raw);
    if (!key?.fromMe || !isConversation(key.peer)) return;
    if (ack !== 0) onTick(key.stanzaId);
    emit({ type: 'delivery', peer: key.peer, stanzaId: key.stanzaId, delivery: readDelivery(ack) });
  });
  client.on('message_edit', (message: unknown) => {
    const raw = parseRawMessage(rawOf(message));
    const read = raw && isEdited(raw) ? readMessage(rawOf(message)) : undefined;
    if (read?.kind !== 'message') return;
    const { peer, stanzaId, fromMe, text } = read.message;
    emit({ type: 'edit', peer, stanzaId, fromMe, text });
  });
  client.on('message_revoke_everyone', (message: unknown) => {
    const raw = parseRawMessage(rawOf(message));
    tellRevoke(readKey(raw?.protocolMessageKey, raw) ?? readKey(raw?.id, raw), emit);
  });
  client.on('unread_count', (chat) => {
    const peer = `${chat.id.user}@${chat.id.server}`;
    if (isConversation(peer)) emit({ type: 'unread', peer, unread: Math.max(0, chat.unreadCount) });
  });
  forwardReactions({ client, emit });
}

function hasNamedText(raw: unknown): boolean {
  const id: unknown = parseRawMessage(raw)?.id;
  return typeof id === 'object' && id !== null && '_serialized' in id;
}

export function tellMessage(raw: unknown, emit: (event: EngineEvent) => void): void {
  const read = readMessage(asNewlyReceived(raw));
  if (read.kind === 'message') emit({ type: 'message', message: read.message });
  if (read.kind === 'unreadable') emit({ type: 'unreadable', why: read.why });
}

export function tellRevoke(key: ReturnType<typeof readKey>, emit: (event: EngineEvent) => void): void {
  if (!key || !isConversation(key.peer)) return;
  emit({ type: 'revoke', peer: key.peer, stanzaId: key.stanzaId, fromMe: key.fromMe });
}
