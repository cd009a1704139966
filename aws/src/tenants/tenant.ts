import type { KMSClient } from '@aws-sdk/client-kms';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CommandId, UserId } from '@top-active/core/contracts';
import { createIdSource } from '@top-active/core/domain';
import { createEventLog, type EventLog } from '../events/event-log.ts';
import { createFence } from './fence.ts';
import { createHints } from '../events/hints.ts';
import { createItemStore } from '../items/dynamodb-item-store.ts';
import { partitionOf } from '../items/keys.ts';
import type { ItemStore } from '../items/item-store.ts';
import { logger, type Log } from '../logs/log.ts';
import type { WakeQueue } from '../calls/queues.ts';
import type { Realtime } from '../events/realtime.ts';
import { createDataKeys } from '../secrets/data-keys.ts';
import { createSecretBox, type SecretBox } from '../secrets/secret-box.ts';
import { createUserKeys } from '../secrets/user-keys.ts';
import { createContentKeySource } from '../sealing/content-keys.ts';
import { createItemSealing } from '../sealing/item-sealing.ts';
import { createAppointmentStore, type AppointmentStore } from '../stores/appointments.ts';
import { createCheckpointPointerStore, type CheckpointPointerStore } from '../stores/checkpoint-pointer.ts';
import { createChatStore, type ChatStore } from '../stores/chats.ts';
import { createCommandStore, type CommandStore } from '../stores/commands.ts';
import { createConnectionStore, type ConnectionStore } from '../stores/connections.ts';
import { createCredentialStore, type CredentialStore } from '../stores/credentials.ts';
import { createLinkAnswerStore, type LinkAnswerStore } from '../stores/link-answers.ts';
import { createLoginStore, type LoginStore } from '../stores/logins.ts';
import { createMessageStore, type MessageStore } from '../stores/messages.ts';
import { createOAuthStateStore, type OAuthStateStore } from '../stores/oauth-states.ts';
import { createProfileStore, type ProfileStore } from '../stores/profile.ts';
import { createSearchStore, type SearchStore } from '../search/search-store.ts';
import type { StoreContext } from '../stores/store-context.ts';
import { createSuggestionStore, type SuggestionStore } from '../stores/suggestions.ts';
import { createTicketStore, type TicketStore } from '../stores/tickets.ts';
import { createTenantErasure, type TenantErasure } from './tenant-erasure.ts';
import { createUsageStore, type UsageStore } from '../stores/usage.ts';
import { createWhatsAppStore, type WhatsAppStore } from '../stores/whatsapp.ts';

/**
 * Everything of one user, reached with credentials that reach nothing else. No store takes a user id: it is bound here.
 */
export interface Tenant {
  readonly userId: UserId;
  readonly items: ItemStore;
  readonly secrets: SecretBox;
  readonly events: EventLog;
  readonly profile: ProfileStore;
  readonly credentials: CredentialStore;
  readonly oauthStates: OAuthStateStore;
  readonly whatsapp: WhatsAppStore;
  readonly checkpointPointer: CheckpointPointerStore;
  readonly linkAnswers: LinkAnswerStore;
  readonly chats: ChatStore;
  readonly messages: MessageStore;
  readonly commands: CommandStore;
  readonly suggestions: SuggestionStore;
  readonly appointments: AppointmentStore;
  readonly usage: UsageStore;
  readonly search: SearchStore;
  readonly connections: ConnectionStore;
  readonly logins: LoginStore;
  readonly tickets: TicketStore;
  readonly erasure: TenantErasure;
  /**
   * From now on no host of an earlier term writes anything of this user. To be called by a host before it reads
   * anything.
   * @throws {FencedError} when the user has a later owner
   */
  claim(): Promise<void>;
  /** Resolves when a write was refused since the user has a later owner. */
  readonly lost: Promise<void>;
  /** Until no hint is on its way any more. */
  settled(): Promise<void>;
}

export interface TenantOptions {
  userId: UserId;
  /** Clients with credentials confined to this user. */
  clients: { dynamodb: DynamoDBDocumentClient; kms: KMSClient };
  tables: { items: string; keys: string };
  kmsKeyId: string;
  simulated: boolean;
  /** Of the host's term over the user's shard. Without one nothing that is written is fenced. */
  epoch?: number | undefined;
  realtime?: Realtime | undefined;
  wakeQueue?: WakeQueue | undefined;
  log?: Log | undefined;
  awaitHints?: boolean | undefined;
  now?: (() => number) | undefined;
}

/** The stores of one user over given clients. `createTenants` makes them with confined credentials. */
export function createTenant(options: TenantOptions): Tenant {
  const { userId, clients, tables, realtime, wakeQueue, log = logger, awaitHints = true, now = Date.now } = options;
  const keyItems = createItemStore({ client: clients.dynamodb, table: tables.keys, userId, now });
  const dataKeys = createDataKeys({ kms: clients.kms, keyId: options.kmsKeyId, userId });
  const userKeys = createUserKeys({ items: keyItems, dataKeys, now });
  const secrets = createSecretBox({ items: keyItems, dataKeys, keys: userKeys, now });
  const stored = createItemStore({ client: clients.dynamodb, table: tables.items, userId, now });
  const contentKeys = createContentKeySource(userKeys, { now });
  const sealing = createItemSealing({ userId, keys: contentKeys });
  const items = createItemStore({ client: clients.dynamodb, table: tables.items, userId, now, sealing });
  const fence = createFence({ items, epoch: options.epoch });
  const connections = createConnectionStore({ items, now });
  const hints = createHints({ connections, realtime, log, wait: awaitHints });
  const events = createEventLog({ userId, items, fence, now, onCommitted: (committed) => hints.push(committed) });

  async function wake(commandId: CommandId): Promise<void> {
    try {
      await wakeQueue?.wake(userId, commandId);
    } catch (error) {
      // The command is stored, and maintenance wakes the host again.
      log.warn('Session host was not woken', { commandId }, error);
    }
  }

  const { simulated } = options;
  const hashName = async (name: string) => (await contentKeys.toSeal()).hashName(name);
  const context: StoreContext = { items, events, fence, now, newId: createIdSource(now), hashName, wake, simulated };
  const whatsapp = createWhatsAppStore(context);
  const secretContext = (sk: string) => ({ table: 'items', pk: partitionOf(userId), sk });

  return {
    userId,
    items,
    secrets,
    events,
    profile: createProfileStore(context, userId),
    credentials: createCredentialStore(context, { secrets, secretContext }),
    oauthStates: createOAuthStateStore(context, { secrets, secretContext }),
    whatsapp,
    linkAnswers: createLinkAnswerStore(context, { whatsapp, secrets, secretContext }),
    checkpointPointer: createCheckpointPointerStore(context),
    chats: createChatStore(context),
    messages: createMessageStore(context),
    commands: createCommandStore(context),
    suggestions: createSuggestionStore(context),
    appointments: createAppointmentStore(context),
    usage: createUsageStore(context),
    search: createSearchStore(context),
    connections,
    logins: createLoginStore(context),
    tickets: createTicketStore(context, userId),
    erasure: createTenantErasure({ client: clients.dynamodb, userId, tables, items: stored }),
    claim: () => fence.claim(),
    lost: fence.lost,
    settled: () => hints.settled(),
  };
}
