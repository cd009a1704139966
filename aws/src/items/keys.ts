import type { ChatId, CommandId, MessageId, SuggestionId } from '@top-active/core/contracts';

/** Sort keys of the table `items`. The partition key is the user's, always, and added by the item store alone. */
export const keys = {
  profile: 'PROFILE',
  sequence: 'SEQ',
  whatsapp: 'WHATSAPP',
  checkpoint: 'CHECKPOINT',
  passkeyAnswer: (requestId: string) => `PASSKEYANSWER#${requestId}`,
  credential: (provider: string) => `CREDENTIAL#${provider}`,
  oauthState: (hash: string) => `OAUTHSTATE#${hash}`,
  peer: (waId: string) => `PEER#${waId}`,
  chat: (chatId: ChatId) => `CHAT#${chatId}`,
  messagesOf: (chatId: ChatId) => `MSG#${chatId}#`,
  message: (chatId: ChatId, messageId: MessageId) => `MSG#${chatId}#${messageId}`,
  stanza: (chatId: ChatId, direction: string, stanzaId: string) => `WAMSG#${chatId}#${direction}#${stanzaId}`,
  command: (id: CommandId) => `COMMAND#${id}`,
  pendings: 'PENDING#',
  pending: (id: CommandId) => `PENDING#${id}`,
  outgoings: 'OUTGOING#',
  outgoingsOf: (chatId: ChatId) => `OUTGOING#${chatId}#`,
  outgoing: (chatId: ChatId, id: CommandId) => `OUTGOING#${chatId}#${id}`,
  idempotency: (key: string) => `IDEMPOTENCY#${key}`,
  suggestions: 'SUGGESTION#',
  suggestion: (id: SuggestionId) => `SUGGESTION#${id}`,
  openSuggestions: 'OPENSUGGESTION#',
  openSuggestion: (chatId: ChatId) => `OPENSUGGESTION#${chatId}`,
  appointments: 'APPOINTMENT#',
  appointment: (id: string) => `APPOINTMENT#${id}`,
  events: 'EVENT#',
  event: (seq: number) => `EVENT#${eventNumber(seq)}`,
  ticket: (hash: string) => `TICKET#${hash}`,
  connections: 'CONNECTION#',
  connection: (id: string) => `CONNECTION#${id}`,
  endedSession: (sessionId: string) => `ENDEDSESSION#${sessionId}`,
  usage: (month: string) => `USAGE#${month}`,
} as const;

export function eventNumber(seq: number): string {
  return String(seq).padStart(12, '0');
}
