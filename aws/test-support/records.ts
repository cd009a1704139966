import type { Credential, Me, Suggestion } from '@top-active/core/contracts';
import { defaultProfile } from '@top-active/core/domain';
import type { ChatRecord } from '../src/stores/chat-schema.ts';
import type { CommandRecord } from '../src/stores/command-record.ts';
import type { MessageRecord } from '../src/stores/message-schema.ts';
import type { WhatsAppRecord } from '../src/stores/whatsapp.ts';

const at = '2026-11-30T12:00:00.000Z';

/** Records as stores answer them, whole, with what a test names. */

export function aChatRecord(changes: Partial<ChatRecord> = {}): ChatRecord {
  return {
    id: '01J00000000000000000000001',
    name: 'Bia',
    isGroup: false,
    unread: 0,
    assistantMode: 'off',
    updatedAt: at,
    waIds: ['5511987654321@c.us'],
    primaryWaId: '5511987654321@c.us',
    lastOrder: '',
    ...changes,
  };
}

export function aCommandRecord(changes: Partial<CommandRecord> = {}): CommandRecord {
  return {
    id: '01J00000000000000000000002',
    command: { kind: 'chat.seen', chatId: '01J00000000000000000000001' },
    state: 'PENDING',
    createdAt: at,
    updatedAt: at,
    attempts: 0,
    ...changes,
  };
}

/** A text of the owner's, sent by hand, unless changed. */
export function aMessageRecord(changes: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: '1764000000000-3A01',
    chatId: '01J00000000000000000000001',
    author: 'owner',
    kind: 'text',
    text: 'Oi',
    sentAt: at,
    storedAt: at,
    delivery: 'sent',
    edited: false,
    waId: 'true_5511987654321@c.us_3A01',
    stanzaId: '3A01',
    direction: 'out',
    reconciled: false,
    ...changes,
  };
}

/** An account that was never linked, unless changed. */
export function aWhatsAppRecord(changes: Partial<WhatsAppRecord> = {}): WhatsAppRecord {
  return { state: 'unlinked', desired: 'off', since: at, generation: 1, simulated: true, ...changes };
}

export function aCredential(changes: Partial<Credential> = {}): Credential {
  return {
    provider: 'openai',
    hint: 'test',
    state: 'valid',
    scopes: [],
    simulated: true,
    createdAt: at,
    checkedAt: at,
    ...changes,
  };
}

export function aSuggestion(changes: Partial<Suggestion> = {}): Suggestion {
  return {
    id: '01ARZ3NDEKTSV4RRFFQ69G5FAW',
    chatId: '01J00000000000000000000001',
    state: 'pending',
    text: 'Pode ser às 10 h?',
    answers: '1764000000000-3A01',
    model: 'gpt-6-luna',
    simulated: true,
    usage: { inputTokens: 0, outputTokens: 0 },
    createdAt: at,
    ...changes,
  };
}

export function aProfile(changes: Partial<Me> = {}): Me {
  return {
    id: '6f1e6f0e-2f6b-4a53-9d2e-0d0f6a1f7c11',
    email: 'ana@example.com',
    name: 'Ana',
    locale: 'pt-BR',
    ...defaultProfile,
    linkNotices: [],
    createdAt: at,
    ...changes,
  };
}
