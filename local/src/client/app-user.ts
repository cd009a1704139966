import {
  linkNoticeVersion,
  type Chat,
  type Message,
  type Outgoing,
  type WhatsAppStatus,
} from '@top-active/core/contracts';
import { ApiError, createApiClient, type ApiClient } from './api-client.ts';
import { until } from './until.ts';
import type { WorldClient } from './world-client.ts';

export interface AppUser {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly api: ApiClient;
  status(): Promise<WhatsAppStatus>;
  /** As everybody must once before the first link. */
  acceptLinkNotice(): Promise<void>;
  /** Accepts the notice and begins to link. */
  connectWhatsApp(): Promise<void>;
  /** Connects, scans the shown QR code with the simulated phone and waits until the session is linked. */
  linkWhatsApp(phone: string): Promise<void>;
  /** All chats, over all pages. */
  chats(): Promise<Chat[]>;
  /** All messages of a chat, oldest first, over all pages. */
  messages(chatId: string): Promise<Message[]>;
  send(chatId: string, text: string, idempotencyKey: string): Promise<Outgoing>;
  setAssistant(chatId: string, mode: 'off' | 'suggest'): Promise<void>;
}

export const demoPassword = 'senha-simulada-2026';

/** Registers a new user over the API, takes the confirmation code from the simulated mailbox, and is in. */
export async function registerUser({
  origin,
  world,
  email,
  name,
}: {
  origin: string;
  world: WorldClient;
  email: string;
  name: string;
}): Promise<AppUser> {
  const api = createApiClient(origin);
  const { session } = await api.call('POST /api/auth/register', {
    body: { email, password: demoPassword, name, locale: 'pt-BR' },
  });
  const code = await until(() => world.confirmationCode(email), {
    what: `the confirmation mail of ${email}`,
    timeoutMs: 10_000,
  });
  const tokens = await api.call('POST /api/auth/confirm', { body: { email, code, session } });
  api.accessToken = tokens.accessToken;
  return appUser({ api, world, email, userId: tokens.userId });
}

/** Logs a registered user in. */
export async function loginUser({
  origin,
  world,
  email,
}: {
  origin: string;
  world: WorldClient;
  email: string;
}): Promise<AppUser> {
  const api = createApiClient(origin);
  const tokens = await api.call('POST /api/auth/login', { body: { email, password: demoPassword } });
  if ('session' in tokens) throw new Error(`A second factor is asked for at the login of ${email}`);
  api.accessToken = tokens.accessToken;
  return appUser({ api, world, email, userId: tokens.userId });
}

function appUser({
  api,
  world,
  email,
  userId,
}: {
  api: ApiClient;
  world: WorldClient;
  email: string;
  userId: string;
}): AppUser {
  const status = () => api.call('GET /api/whatsapp');

  async function acceptLinkNotice(): Promise<void> {
    await api.call('POST /api/whatsapp/notice', { body: { version: linkNoticeVersion } });
  }

  async function connectWhatsApp(): Promise<void> {
    await acceptLinkNotice();
    await api.call('POST /api/whatsapp/connect', { body: {} });
  }

  async function linkWhatsApp(phone: string): Promise<void> {
    await connectWhatsApp();
    let scanned = '';
    await until(
      async () => {
        const now = await status();
        if (now.state === 'linked') return true;
        if (now.state === 'qr' && now.qr && now.qr.code !== scanned) {
          scanned = now.qr.code;
          await world.scan(phone, now.qr.code);
        }
        return undefined;
      },
      { what: `the link of ${email}`, timeoutMs: 120_000, everyMs: 200 },
    );
  }

  async function chats(): Promise<Chat[]> {
    const all: Chat[] = [];
    let next: string | undefined;
    do {
      const page = await api.call('GET /api/chats', { query: { cursor: next } });
      all.push(...page.items);
      next = page.next;
    } while (next);
    return all;
  }

  async function messages(chatId: string): Promise<Message[]> {
    const all: Message[] = [];
    let before: string | undefined;
    do {
      const page = await api.call('GET /api/chats/{id}/messages', {
        params: { id: chatId },
        query: { limit: 100, before },
      });
      all.unshift(...page.items);
      before = page.before;
    } while (before);
    return all;
  }

  return {
    userId,
    email,
    password: demoPassword,
    api,
    status,
    acceptLinkNotice,
    connectWhatsApp,
    linkWhatsApp,
    chats,
    messages,
    send: (chatId, text, idempotencyKey) =>
      repeatedly(() =>
        api.call('POST /api/chats/{id}/messages', {
          params: { id: chatId },
          headers: { 'idempotency-key': idempotencyKey },
          body: { text },
        }),
      ),
    setAssistant: async (chatId, mode) => {
      await api.call('PATCH /api/chats/{id}', { params: { id: chatId }, body: { assistantMode: mode } });
    },
  };
}

/** With an idempotency key a server's failure is no reason to give up: the repetition sends nothing twice. */
async function repeatedly<T>(request: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      if (attempt === 3 || !(error instanceof ApiError) || error.problem.status < 500) throw error;
    }
  }
}
