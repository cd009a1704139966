import {
  linkNoticeVersion,
  type Chat,
  type Credential,
  type Me,
  type Message,
  type Outgoing,
  type PasskeyRequest,
  type Suggestion,
  type WhatsAppStatus,
} from '@top-active/core/contracts';

export const userId = '6a3f0c58-8a52-4c53-9a44-5f6f0f8f6d21';
export const chatId = '01JD3W5ZK2Q8N6V4T0XHRB7MCA';
const hours = [{ from: '09:00', to: '18:00' }];

export function aMe(parts: Partial<Me> = {}): Me {
  return {
    id: userId,
    email: 'lucia@example.com',
    name: 'Lúcia Ferreira',
    locale: 'pt-BR',
    timeZone: 'America/Sao_Paulo',
    workingHours: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: [], sun: [] },
    appointmentMinutes: 50,
    about: '',
    linkNotices: [{ version: linkNoticeVersion, acceptedAt: '2026-11-01T12:05:00.000Z' }],
    createdAt: '2026-11-01T12:00:00.000Z',
    ...parts,
  };
}

export function aChat(parts: Partial<Chat> = {}): Chat {
  return {
    id: chatId,
    name: 'Ana Souza',
    phone: '5511987654321',
    isGroup: false,
    unread: 0,
    assistantMode: 'off',
    updatedAt: '2026-11-23T15:00:00.000Z',
    ...parts,
  };
}

/** The nth message of a chat, a minute apart. */
export function aMessage(n: number, parts: Partial<Message> = {}): Message {
  const at = Date.parse('2026-11-23T12:00:00.000Z') + n * 60_000;
  const instant = new Date(at).toISOString();
  return {
    id: `${String(at).padStart(13, '0')}-M${n}`,
    chatId,
    author: 'customer',
    kind: 'text',
    text: `Mensagem ${n}`,
    sentAt: instant,
    storedAt: instant,
    delivery: 'delivered',
    edited: false,
    ...parts,
  };
}

export function anOutgoing(parts: Partial<Outgoing> = {}): Outgoing {
  return {
    id: '01JD3W5ZK2Q8N6V4T0XHRB7CMD',
    chatId,
    state: 'PENDING',
    text: 'Claro, posso sim.',
    author: 'owner',
    createdAt: '2026-11-23T15:01:00.000Z',
    ...parts,
  };
}

export function aSuggestion(parts: Partial<Suggestion> = {}): Suggestion {
  return {
    id: '01JD3W5ZK2Q8N6V4T0XHRB7SGS',
    chatId,
    state: 'pending',
    text: 'Tenho amanhã às 14h30. Posso marcar?',
    appointment: {
      title: 'Consulta com Ana Souza',
      start: '2026-11-24T17:30:00.000Z',
      end: '2026-11-24T18:20:00.000Z',
      timeZone: 'America/Sao_Paulo',
    },
    answers: aMessage(1).id,
    model: 'gpt-6-luna',
    simulated: true,
    usage: { inputTokens: 900, outputTokens: 80 },
    createdAt: '2026-11-23T15:00:05.000Z',
    ...parts,
  };
}

export function aCredential(parts: Partial<Credential> = {}): Credential {
  return {
    provider: 'openai',
    hint: '4f2K',
    state: 'valid',
    scopes: [],
    simulated: true,
    createdAt: '2026-11-20T12:00:00.000Z',
    checkedAt: '2026-11-20T12:00:00.000Z',
    ...parts,
  };
}

export function aPasskeyRequest(parts: Partial<PasskeyRequest> = {}): PasskeyRequest {
  return {
    requestId: '0d4f6f0e-6f6b-4c1c-9a44-5f6f0f8f6d21',
    challenge: 'YSBjaGFsbGVuZ2Ugb2YgdGhpcnR5LXR3byBieXRlcyE',
    allowCredentials: [],
    extensions: { uvm: true },
    expiresAt: new Date(Date.now() + 300_000).toISOString(),
    answered: false,
    ...parts,
  };
}

export function aWhatsApp(parts: Partial<WhatsAppStatus> = {}): WhatsAppStatus {
  return { state: 'unlinked', since: '2026-11-23T12:00:00.000Z', simulated: true, ...parts };
}
