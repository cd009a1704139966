import { z } from 'zod';

const timeoutMs = 30_000;

/** One phone's copy of a message, as far as the clients here need it. */
const phoneMessageSchema = z.object({
  seq: z.int(),
  id: z.string(),
  peer: z.string(),
  fromMe: z.boolean(),
  text: z.string(),
  /** Unix time, seconds. */
  t: z.number(),
  /** 0 on its way · 1 at the server · 2 on the other's phone · 3 read */
  ack: z.int(),
});
const chatsSchema = z.object({ chats: z.array(z.object({ peer: z.string() })) });
const messagesSchema = z.object({ messages: z.array(phoneMessageSchema) });
const mailsSchema = z.object({ messages: z.array(z.object({ code: z.string().optional() })) });

export type PhoneMessage = z.infer<typeof phoneMessageSchema>;

/** Drives the simulated outside world through its control interface, as the phones page and curl do. */
export interface WorldClient {
  readonly origin: string;
  addPhone(phone: { number: string; name: string }): Promise<void>;
  write(from: string, to: string, text: string): Promise<PhoneMessage>;
  scan(number: string, qr: string): Promise<void>;
  chats(number: string): Promise<{ peer: string }[]>;
  messages(number: string, peer: string): Promise<PhoneMessage[]>;
  logoutDevices(number: string): Promise<void>;
  /** The newest code that was mailed to an address, once there is one. */
  confirmationCode(email: string): Promise<string | undefined>;
  /** Any other route of the control interface. Answers what it answered, `undefined` for nothing. */
  call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

export function createWorldClient(origin: string): WorldClient {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${origin}/control${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /control${path}: ${response.status} ${text.slice(0, 300)}`);
    return text ? JSON.parse(text) : undefined;
  }

  return {
    origin,
    call,
    addPhone: async (phone) => {
      await call('POST', '/whatsapp/phones', phone);
    },
    write: async (from, to, text) =>
      phoneMessageSchema.parse(await call('POST', `/whatsapp/phones/${from}/messages`, { to, text })),
    scan: async (number, qr) => {
      await call('POST', `/whatsapp/phones/${number}/scan`, { qr });
    },
    chats: async (number) => chatsSchema.parse(await call('GET', `/whatsapp/phones/${number}/chats`)).chats,
    messages: async (number, peer) => {
      const all: PhoneMessage[] = [];
      let page: PhoneMessage[];
      do {
        const after = all.at(-1)?.seq ?? 0;
        const path = `/whatsapp/phones/${number}/chats/${peer}/messages?after=${after}&limit=500`;
        page = messagesSchema.parse(await call('GET', path)).messages;
        all.push(...page);
      } while (page.length === 500);
      return all;
    },
    logoutDevices: async (number) => {
      await call('POST', `/whatsapp/phones/${number}/logout-devices`, {});
    },
    confirmationCode: async (email) => {
      const { messages } = mailsSchema.parse(await call('GET', `/mailbox/messages?to=${encodeURIComponent(email)}`));
      return messages.find((mail) => mail.code)?.code;
    },
  };
}
