const timeoutMs = 30_000;

/** One phone's copy of a message, as far as the clients here need it. */
export interface PhoneMessage {
  seq: number;
  id: string;
  peer: string;
  fromMe: boolean;
  text: string;
  /** Unix time, seconds. */
  t: number;
  /** 0 on its way · 1 at the server · 2 on the other's phone · 3 read */
  ack: number;
}

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
  call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

export function createWorldClient(origin: string): WorldClient {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${origin}/control${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /control${path}: ${response.status} ${text.slice(0, 300)}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  return {
    origin,
    call,
    addPhone: (phone) => call('POST', '/whatsapp/phones', phone),
    write: (from, to, text) => call('POST', `/whatsapp/phones/${from}/messages`, { to, text }),
    scan: (number, qr) => call('POST', `/whatsapp/phones/${number}/scan`, { qr }),
    chats: async (number) =>
      (await call<{ chats: { peer: string }[] }>('GET', `/whatsapp/phones/${number}/chats`)).chats,
    messages: async (number, peer) => {
      const all: PhoneMessage[] = [];
      let page: PhoneMessage[];
      do {
        const after = all.at(-1)?.seq ?? 0;
        page = (
          await call<{ messages: PhoneMessage[] }>(
            'GET',
            `/whatsapp/phones/${number}/chats/${peer}/messages?after=${after}&limit=500`,
          )
        ).messages;
        all.push(...page);
      } while (page.length === 500);
      return all;
    },
    logoutDevices: (number) => call('POST', `/whatsapp/phones/${number}/logout-devices`, {}),
    confirmationCode: async (email) => {
      const { messages } = await call<{ messages: { code?: string }[] }>(
        'GET',
        `/mailbox/messages?to=${encodeURIComponent(email)}`,
      );
      return messages.find((mail) => mail.code)?.code;
    },
  };
}
