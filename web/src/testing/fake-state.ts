import type {
  Chat,
  Credential,
  Me,
  Message,
  Outgoing,
  Suggestion,
  UserEvent,
  WhatsAppStatus,
} from '@top-active/core/contracts';
import { aMe, aWhatsApp } from './factories.ts';

/** What the fake API answers from. */
export interface FakeState {
  signedIn: boolean;
  simulated: boolean;
  me: Me;
  credentials: Credential[];
  whatsapp: WhatsAppStatus;
  chats: Chat[];
  messages: Message[];
  outgoing: Outgoing[];
  suggestions: Suggestion[];
  events: UserEvent[];
  secondFactor: boolean;
}

export function createFakeState(parts: Partial<FakeState>): FakeState {
  return {
    signedIn: true,
    simulated: true,
    me: aMe(),
    credentials: [],
    whatsapp: aWhatsApp(),
    chats: [],
    messages: [],
    outgoing: [],
    suggestions: [],
    events: [],
    secondFactor: false,
    ...parts,
  };
}

/** The changes as JSON carries them: without what is undefined. */
export function given<T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return JSON.parse(JSON.stringify(changes));
}
