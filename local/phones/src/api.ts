import type { Chat, LinkedDevice, Message, Phone, PhoneState, WorldEvent } from '../../src/world/whatsapp/types.ts';

export type { Chat, LinkedDevice, Message, Phone, PhoneState, WorldEvent };

const base = '/control/whatsapp';
const timeoutMs = 15_000;

/** What went wrong, in the words of the control interface. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

export const control = {
  phones: () => call<{ phones: PhoneState[] }>('GET', '/phones').then((answer) => answer.phones),
  addPhone: (phone: { number: string; name: string; locale: string }) => call<Phone>('POST', '/phones', phone),
  phone: (number: string) => call<PhoneState>('GET', `/phones/${number}`),
  chats: (number: string) => call<{ chats: Chat[] }>('GET', `/phones/${number}/chats`).then((answer) => answer.chats),
  messages: (number: string, peer: string) =>
    call<{ messages: Message[] }>('GET', `/phones/${number}/chats/${encodeURIComponent(peer)}/messages?limit=200`).then(
      (answer) => answer.messages,
    ),
  write: (number: string, message: { to: string; text: string }) => call('POST', `/phones/${number}/messages`, message),
  markRead: (number: string, peer: string) =>
    call('POST', `/phones/${number}/chats/${encodeURIComponent(peer)}/read`, {}),
  typing: (number: string, to: string, state: 'composing' | 'paused') =>
    call('POST', `/phones/${number}/typing`, { to, state }),
  scan: (number: string, qr: string) => call('POST', `/phones/${number}/scan`, { qr }),
  pair: (number: string, code: string) => call('POST', `/phones/${number}/pairing-code`, { code }),
  logout: (number: string) => call('POST', `/phones/${number}/logout-devices`, {}),
  setOnline: (number: string, online: boolean) => call('POST', `/phones/${number}/online`, { online }),
};

const eventKinds: Record<WorldEvent['kind'], true> = {
  'phone-added': true,
  'phone-changed': true,
  'contact-changed': true,
  'link-waiting': true,
  'link-idle': true,
  'link-refused': true,
  'pairing-code-requested': true,
  linked: true,
  unlinked: true,
  'device-connected': true,
  'device-disconnected': true,
  'device-rewound': true,
  message: true,
  ack: true,
  edit: true,
  revoke: true,
  reaction: true,
  read: true,
  'chat-changed': true,
  typing: true,
  presence: true,
  'faults-changed': true,
  'missing-module': true,
  'page-error': true,
};

/** Server-sent events from now on; the browser reconnects by itself. Answers the function that ends it. */
export async function listen(onEvent: (event: WorldEvent) => void): Promise<() => void> {
  const { last } = await call<{ last: number }>('GET', '/events?limit=1');
  const source = new EventSource(`${base}/events?after=${last}`);
  for (const kind of Object.keys(eventKinds))
    source.addEventListener(kind, (message) =>
      onEvent(JSON.parse((message as MessageEvent<string>).data) as WorldEvent),
    );
  return () => source.close();
}

async function call<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const response = await fetch(base + path, {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const answer: unknown = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new ControlError(reasonOf(answer) ?? response.statusText);
  return answer as T;
}

function reasonOf(answer: unknown): string | undefined {
  const { error } = answer as { error?: { message?: string } };
  return error?.message;
}
