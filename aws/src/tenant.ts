import type { UserId } from '@top-active/core/contracts';
import type { EventLog } from './event-log.ts';
import type { ItemStore } from './items/item-store.ts';
import type { SecretBox } from './secrets/secret-box.ts';
import type { AppointmentStore } from './stores/appointments.ts';
import type { ChatStore } from './stores/chats.ts';
import type { CommandStore } from './stores/commands.ts';
import type { ConnectionStore } from './stores/connections.ts';
import type { CredentialStore } from './stores/credentials.ts';
import type { MessageStore } from './stores/messages.ts';
import type { OAuthStateStore } from './stores/oauth-states.ts';
import type { ProfileStore } from './stores/profile.ts';
import type { SuggestionStore } from './stores/suggestions.ts';
import type { TicketStore } from './stores/tickets.ts';
import type { UsageStore } from './stores/usage.ts';
import type { WhatsAppStore } from './stores/whatsapp.ts';

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
  readonly chats: ChatStore;
  readonly messages: MessageStore;
  readonly commands: CommandStore;
  readonly suggestions: SuggestionStore;
  readonly appointments: AppointmentStore;
  readonly usage: UsageStore;
  readonly connections: ConnectionStore;
  readonly tickets: TicketStore;
}
