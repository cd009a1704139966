import type { OnPhone } from '@top-active/core/contracts';
import type { EngineContent, EngineMessage } from '../../engine.ts';
import { clip, clipped, maxNameLength } from './clip.ts';
import { onPhoneReason, typeOf } from './message-types.ts';
import { parseRawMessage, type RawMessage } from './raw-message.ts';
import { readContent } from './read-content.ts';
import { deliveryOf } from './read-delivery.ts';
import { readKey, type MessageKey } from './read-key.ts';
import { readSentAt } from './read-time.ts';
import { isConversation } from './read-wid.ts';
import { readWords } from './read-words.ts';

export type ReadMessage =
  | { kind: 'message'; message: EngineMessage }
  /** None of a person's messages, or none of a conversation's. */
  | { kind: 'ignored'; type: string }
  /** Whose message it is can't be told, so it can't be stored. */
  | { kind: 'unreadable'; why: string };

interface ReadOptions {
  /** When it was met, in epoch seconds: counts where the page has no time of sending. */
  arrivedAt?: number | undefined;
}

/**
 * Reads a message's data as the page has it. What has a chat, a stanza id and a direction is a message, whatever else
 * is wrong with it or unknown of it.
 * @param raw what the library's `getMessageModel` returns, and its `Message` carries as `_data`
 */
export function readMessage(raw: unknown, { arrivedAt = Date.now() / 1000 }: ReadOptions = {}): ReadMessage {
  const data = parseRawMessage(raw);
  if (!data) return { kind: 'unreadable', why: 'it is no object' };
  const type = clip(data.type ?? 'unknown', 64);
  const meaning = typeOf(type);
  if ('ignored' in meaning || data.isStatusV3 === true) return { kind: 'ignored', type };
  const key = readKey(data.id, data);
  if (!key) return { kind: 'unreadable', why: `its id is ${shapeOf(data.id)}` };
  if (!isConversation(key.peer)) return { kind: 'ignored', type };
  const { kind } = meaning;
  const text = readWords(raw, meaning.text);
  const onPhone = readOnPhone({
    reason: onPhoneReason(meaning, data.subtype),
    type,
    isEmpty: kind === 'text' && text === '',
  });
  const content: EngineContent = { ...readContent(data, { key, kind }), ...(onPhone && { onPhone }) };
  const replaced = kind === 'revoked' ? replacedBy(data, key) : undefined;
  const message = {
    peer: key.peer,
    waId: key.waId,
    stanzaId: key.stanzaId,
    fromMe: key.fromMe,
    kind: onPhone ? 'other' : kind,
    text,
    sentAt: readSentAt(data, arrivedAt),
    ...(isEdited(data) && { edited: true }),
    ...(replaced && { replaces: replaced.stanzaId, fromMe: replaced.fromMe }),
    delivery: key.fromMe ? deliveryOf(data) : 'delivered',
    pushname: key.fromMe ? undefined : clipped(data.notifyName, maxNameLength),
    ...(Object.keys(content).length > 0 && { content }),
  } satisfies EngineMessage;
  return { kind: 'message', message };
}

/** A deleted message is told under an id of its own; its key names the one that it was. */
function replacedBy({ protocolMessageKey }: RawMessage, { peer, stanzaId }: MessageKey): MessageKey | undefined {
  const replaced = readKey(protocolMessageKey, { from: peer, to: peer });
  return replaced && replaced.stanzaId !== stanzaId ? replaced : undefined;
}

function readOnPhone({
  reason,
  type,
  isEmpty,
}: {
  reason: OnPhone['reason'] | undefined;
  type: string;
  isEmpty: boolean;
}): OnPhone | undefined {
  const why = reason ?? (isEmpty ? 'unknown_type' : undefined);
  return why && { reason: why, type };
}

/** A changed body alone may be a thumbnail that has been loaded. */
export function isEdited({
  latestEditSenderTimestampMs,
  latestEditMsgKey,
}: Pick<RawMessage, 'latestEditSenderTimestampMs' | 'latestEditMsgKey'>): boolean {
  return Boolean(latestEditSenderTimestampMs) || Boolean(latestEditMsgKey);
}

/** For people who look for the fault: names of properties, never what they hold. */
function shapeOf(id: unknown): string {
  if (typeof id !== 'object' || id === null) return id === null ? 'null' : typeof id;
  return clip(`{ ${Object.keys(id).slice(0, 20).join(', ')} }`, 200);
}
