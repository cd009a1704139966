export { createClients } from './calls/clients.ts';
export type { AwsClients } from './calls/clients.ts';
export { awsEnvSchema, readAwsEnv } from './env.ts';
export type { AwsEnv } from './env.ts';
export { createErasures } from './tenants/erasures.ts';
export type { Erasures, OpenErasure, Tombstone } from './tenants/erasures.ts';
export type { Draft, EventLog } from './events/event-log.ts';
export { FencedError } from './tenants/fence.ts';
export { createIdentity } from './identity/identity.ts';
export type { Identity, IdentityOptions } from './identity/identity.ts';
export { withInvocation } from './logs/invocation.ts';
export { capabilitiesIn, createKnownBuilds } from './facts/known-builds.ts';
export type { BuildNews, KnownBuild, KnownBuilds } from './facts/known-builds.ts';
export { createKnownModels } from './facts/known-models.ts';
export type { KnownModel, KnownModels } from './facts/known-models.ts';
export { operatorFactsSchema, type OperatorFacts } from './facts/operator-facts.ts';
export { createHostAccess } from './leases/host-access.ts';
export type { HostAccess, HostAccessCalls } from './leases/host-access.ts';
export { createHostLeases, readHostId } from './leases/host-leases.ts';
export type { HostLeases, LeasesSeen } from './leases/host-leases.ts';
export { OtherShardsError } from './leases/other-shards-error.ts';
export { createShardRegistry } from './leases/shard-registry.ts';
export type { ShardRefusal, ShardRegistry } from './leases/shard-registry.ts';
export { findUnownedShards } from './leases/unowned-shards.ts';
export { invalidField } from './items/invalid-field.ts';
export { itemOfImage } from './events/item-of-image.ts';
export type { Condition, ItemQuery, ItemStore, Write } from './items/item-store.ts';
export { TransactionRefused } from './items/transaction-refused.ts';
export { createLimiter } from './limits/limiter.ts';
export type { LimitAnswer, Limiter } from './limits/limiter.ts';
export { logger, withLogFields } from './logs/log.ts';
export type { Log, LogFields } from './logs/log.ts';
export { metricDefinitions, metricsNamespace } from './metrics/metric-definitions.ts';
export type { DimensionOf, MetricDimension, MetricName } from './metrics/metric-definitions.ts';
export { metrics } from './metrics/metrics.ts';
export { createPasswordReset } from './identity/password-reset.ts';
export type { PasswordReset } from './identity/password-reset.ts';
export { createPlacements } from './leases/placements.ts';
export type { Placements } from './leases/placements.ts';
export { createAssistantQueue, createWakeQueue, createWakeReceiver } from './calls/queues.ts';
export type { AssistantQueue, ReceivedWake, WakeQueue, WakeReceiver } from './calls/queues.ts';
export { createRealtime } from './events/realtime.ts';
export type { Realtime } from './events/realtime.ts';
export { readSecretString } from './secrets/secret-string.ts';
export { createSecondFactor } from './identity/second-factor.ts';
export type { SecondFactor } from './identity/second-factor.ts';
export type { SecretBox, SecretContext, SecretPurpose } from './secrets/secret-box.ts';
export type { Tokens } from './identity/sign-in-steps.ts';
export type { AppointmentRecord, AppointmentStore } from './stores/appointments.ts';
export type { CheckpointPointer, CheckpointPointerStore } from './stores/checkpoint-pointer.ts';
export type { ChatPage, ChatRecord, ChatStore, Contact } from './stores/chats.ts';
export type { CommandOutcome } from './stores/command-record.ts';
export type { CommandRecord, CommandStore } from './stores/commands.ts';
export type { ConnectionRecord, ConnectionStore } from './stores/connections.ts';
export type { CredentialStore, Provider } from './stores/credentials.ts';
export type { ToldMessage } from './stores/told-messages.ts';
export type {
  Amendment,
  Direction,
  IncomingMessage,
  MessagePage,
  MessageRecord,
  MessageRef,
  MessageStore,
} from './stores/messages.ts';
export type { LinkAnswerStore } from './stores/link-answers.ts';
export type { OAuthStateStore } from './stores/oauth-states.ts';
export type { ProfileStore } from './stores/profile.ts';
export type { RecordedMessage } from './stores/record-message.ts';
export type { CreatedSuggestion, NewSuggestion, StaleReason, SuggestionStore } from './stores/suggestions.ts';
export { ticketUserId } from './stores/tickets.ts';
export type { TicketStore } from './stores/tickets.ts';
export type { Usage, UsageStore } from './stores/usage.ts';
export type { StopRequest, WhatsAppPatch, WhatsAppRecord, WhatsAppStore } from './stores/whatsapp.ts';
export { createSignedFetch } from './calls/signed-fetch.ts';
export { createTenant } from './tenants/tenant.ts';
export type { Tenant, TenantOptions } from './tenants/tenant.ts';
export { assumeTenantRole } from './tenants/tenant-credentials.ts';
export type { TenantCredentialSource } from './tenants/tenant-credentials.ts';
export { createTenants } from './tenants/tenants.ts';
export type { Tenants, TenantsOptions } from './tenants/tenants.ts';
export { currentTraceId, newTraceId, traceIdOf, withTrace } from './logs/trace.ts';
export { createUserRemoval } from './identity/user-removal.ts';
export type { RemoveUser } from './identity/user-removal.ts';
