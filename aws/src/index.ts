export type { AwsClients } from './clients.ts';
export type { Draft, EventLog } from './event-log.ts';
export type { Identity, Tokens } from './identity.ts';
export type { Condition, ItemQuery, ItemStore, Write } from './items/item-store.ts';
export type { Limiter } from './limiter.ts';
export type { Log, LogFields } from './log.ts';
export type { Placements } from './placements.ts';
export type { AssistantQueue, ReceivedWake, WakeQueue, WakeReceiver } from './queues.ts';
export type { Realtime } from './realtime.ts';
export type { SecretBox, SecretContext, SecretPurpose } from './secrets/secret-box.ts';
export type { AppointmentRecord, AppointmentStore } from './stores/appointments.ts';
export type { ChatPage, ChatRecord, ChatStore, Contact } from './stores/chats.ts';
export type { CommandRecord, CommandStore } from './stores/commands.ts';
export type { ConnectionRecord, ConnectionStore } from './stores/connections.ts';
export type { CredentialStore, Provider } from './stores/credentials.ts';
export type {
  Direction,
  IncomingMessage,
  MessagePage,
  MessageRecord,
  MessageRef,
  MessageStore,
} from './stores/messages.ts';
export type { OAuthStateStore } from './stores/oauth-states.ts';
export type { ProfileStore } from './stores/profile.ts';
export type { NewSuggestion, StaleReason, SuggestionStore } from './stores/suggestions.ts';
export { ticketUserId } from './stores/tickets.ts';
export type { TicketStore } from './stores/tickets.ts';
export type { Usage, UsageStore } from './stores/usage.ts';
export type { WhatsAppPatch, WhatsAppRecord, WhatsAppStore } from './stores/whatsapp.ts';
export type { Tenant } from './tenant.ts';
export type { Tenants } from './tenants.ts';
export { awsEnvSchema, readAwsEnv } from './env.ts';
export type { AwsEnv } from './env.ts';
export type { TenantsOptions } from './tenants.ts';
export {
  createAssistantQueue,
  createClients,
  createIdentity,
  createLimiter,
  createPlacements,
  createRealtime,
  createTenants,
  createWakeQueue,
  createWakeReceiver,
  logger,
  readSecretString,
  withLogFields,
} from './factories.ts';
