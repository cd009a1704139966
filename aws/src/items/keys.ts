import type { ChatId, CommandId, MessageId, SuggestionId, UserId } from '@top-active/core/contracts';

/** What the partition key of each user begins with. IAM confines a tenant to its own by the same words. */
export const userPrefix = 'USER#';

/** The partition key of a user in the tables `items` and `keys`; in `placements` it is the sort key. */
export function partitionOf(userId: UserId): string {
  return `${userPrefix}${userId}`;
}

/** What the partition key of each shard begins with, in the tables `placements` and `leases`. */
export const shardPrefix = 'SHARD#';

export function shardKey(shard: number): string {
  return `${shardPrefix}${shard}`;
}

/**
 * What the sort keys of each kind of item begin with: for queries, schemas of stored rows, and the stream's filters.
 */
export const prefixes = {
  passkeyAnswer: 'PASSKEYANSWER#',
  credential: 'CREDENTIAL#',
  oauthState: 'OAUTHSTATE#',
  peer: 'PEER#',
  chat: 'CHAT#',
  message: 'MSG#',
  stanza: 'WAMSG#',
  command: 'COMMAND#',
  pending: 'PENDING#',
  outgoing: 'OUTGOING#',
  idempotency: 'IDEMPOTENCY#',
  suggestion: 'SUGGESTION#',
  openSuggestion: 'OPENSUGGESTION#',
  appointment: 'APPOINTMENT#',
  event: 'EVENT#',
  ticket: 'TICKET#',
  connection: 'CONNECTION#',
  login: 'LOGIN#',
  usage: 'USAGE#',
  searchPart: 'SEARCHPART#',
} as const;

/** Sort keys of the table `items`. The partition key is the user's, always, and added by the item store alone. */
export const keys = {
  profile: 'PROFILE',
  sequence: 'SEQ',
  whatsapp: 'WHATSAPP',
  checkpoint: 'CHECKPOINT',
  search: 'SEARCH',
  passkeyAnswer: (requestId: string) => `${prefixes.passkeyAnswer}${requestId}`,
  credential: (provider: string) => `${prefixes.credential}${provider}`,
  oauthState: (hash: string) => `${prefixes.oauthState}${hash}`,
  peer: (waId: string) => `${prefixes.peer}${waId}`,
  chat: (chatId: ChatId) => `${prefixes.chat}${chatId}`,
  messagesOf: (chatId: ChatId) => `${prefixes.message}${chatId}#`,
  message: (chatId: ChatId, messageId: MessageId) => `${prefixes.message}${chatId}#${messageId}`,
  stanza: (chatId: ChatId, direction: string, stanzaId: string) =>
    `${prefixes.stanza}${chatId}#${direction}#${stanzaId}`,
  command: (id: CommandId) => `${prefixes.command}${id}`,
  pending: (id: CommandId) => `${prefixes.pending}${id}`,
  outgoingsOf: (chatId: ChatId) => `${prefixes.outgoing}${chatId}#`,
  outgoing: (chatId: ChatId, id: CommandId) => `${prefixes.outgoing}${chatId}#${id}`,
  idempotency: (key: string) => `${prefixes.idempotency}${key}`,
  suggestion: (id: SuggestionId) => `${prefixes.suggestion}${id}`,
  openSuggestion: (chatId: ChatId) => `${prefixes.openSuggestion}${chatId}`,
  appointment: (id: string) => `${prefixes.appointment}${id}`,
  event: (seq: number) => `${prefixes.event}${eventNumber(seq)}`,
  ticket: (hash: string) => `${prefixes.ticket}${hash}`,
  connection: (id: string) => `${prefixes.connection}${id}`,
  login: (sessionId: string) => `${prefixes.login}${sessionId}`,
  /** Up to when all logins were ended at once. */
  loginsEnded: 'LOGINSENDED',
  usage: (month: string) => `${prefixes.usage}${month}`,
  searchPart: (name: string) => `${prefixes.searchPart}${name}`,
} as const;

export function eventNumber(seq: number): string {
  return String(seq).padStart(12, '0');
}
