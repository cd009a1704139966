import type { PageChanges, PageSettings } from '../../src/whatsapp/page-settings.ts';
import type {
  Addressing,
  Chat,
  ContentInput,
  LinkedDevice,
  MediaFacts,
  MediaInput,
  Message,
  Phone,
  PhoneState,
  WorldEvent,
} from '../../src/whatsapp/types.ts';
import type { Faults } from '../../src/whatsapp/faults.ts';
import { requestJson } from './request.ts';

export type { Chat, LinkedDevice, MediaFacts, MediaInput, Message, PhoneState, WorldEvent };

export const base = '/control/whatsapp';

export interface OutgoingMessage extends ContentInput {
  to: string;
  /** Id of the message that it answers. */
  quoted?: string | undefined;
}

export type PhoneFaults = Partial<Faults>;

/** Names one message on one phone. */
export interface MessageRef {
  peer: string;
  id: string;
}

/** The simulated phones over HTTP. Every call may throw a `ControlError`. */
export const control = {
  phones: () => call<{ phones: PhoneState[] }>('GET', '/phones').then((answer) => answer.phones),
  addPhone: (phone: { number: string; name: string; locale: string }) => call<Phone>('POST', '/phones', phone),
  phone: (number: string) => call<PhoneState>('GET', `/phones/${number}`),
  chats: (number: string) => call<{ chats: Chat[] }>('GET', `/phones/${number}/chats`).then((answer) => answer.chats),
  /** The newest ones, oldest first. */
  messages: (number: string, peer: string, limit: number) =>
    call<{ messages: Message[] }>('GET', `${chatPath(number, peer)}/messages?limit=${limit}`).then(
      (answer) => answer.messages,
    ),
  send: (number: string, message: OutgoingMessage) => call<Message>('POST', `/phones/${number}/messages`, message),
  markRead: (number: string, peer: string) => call('POST', `${chatPath(number, peer)}/read`, {}),
  typing: (number: string, to: string, state: 'composing' | 'paused') =>
    call('POST', `/phones/${number}/typing`, { to, state }),
  react: (number: string, ref: MessageRef, emoji: string) => call('POST', `/phones/${number}/react`, { ...ref, emoji }),
  vote: (number: string, ref: MessageRef, options: string[]) =>
    call('POST', `/phones/${number}/vote`, { ...ref, options }),
  endPlan: (number: string, ref: MessageRef, how: 'send' | 'cancel') =>
    call('POST', `/phones/${number}/plan`, { ...ref, how }),
  edit: (number: string, ref: MessageRef, text: string) => call('POST', `/phones/${number}/edit`, { ...ref, text }),
  revoke: (number: string, ref: MessageRef) => call('POST', `/phones/${number}/revoke`, ref),
  scan: (number: string, qr: string) => call('POST', `/phones/${number}/scan`, { qr }),
  pair: (number: string, code: string) => call('POST', `/phones/${number}/pairing-code`, { code }),
  logout: (number: string, device: string) => call('POST', `/phones/${number}/logout-devices`, { device }),
  setOnline: (number: string, online: boolean) => call('POST', `/phones/${number}/online`, { online }),
  change: (number: string, changes: { addressing: Addressing }) => call('PATCH', `/phones/${number}`, changes),
  faults: () => call<{ phones: Record<string, PhoneFaults> }>('GET', '/faults'),
  setFaults: (number: string, faults: PhoneFaults) => call<PhoneFaults>('PUT', `/phones/${number}/faults`, faults),
  page: () => call<PageSettings>('GET', '/page'),
  setPage: (changes: PageChanges) => call<PageSettings>('PUT', '/page', changes),
  /** Pages that are linked to this phone load anew. */
  reloadPages: (number: string) => call('POST', `/phones/${number}/faults/actions`, { action: 'reload' }),
  signPasskey: (number: string, challenge: string) =>
    call<object>('POST', `/phones/${number}/passkey/sign`, { challenge }),
  refuseLinkCode: (number: string) => call<void>('POST', `/phones/${number}/link-code/refuse`),
  lastEvent: () => call<{ last: number }>('GET', '/events?limit=1').then((answer) => answer.last),
};

export function mediaAddress(media: MediaFacts): string {
  return `${base}/media/${media.id}`;
}

/** Where the app and the mailbox of this installation are. */
export function addresses(): Promise<{ app: string; mailbox: string }> {
  return requestJson({ method: 'GET', path: '/control/addresses' });
}

function chatPath(number: string, peer: string): string {
  return `/phones/${number}/chats/${encodeURIComponent(peer)}`;
}

function call<T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object): Promise<T> {
  return requestJson<T>({ method, path: base + path, body });
}
