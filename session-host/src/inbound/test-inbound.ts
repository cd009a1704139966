import { logger, type Tenant } from '@top-active/aws';
import type { EngineMessage, EngineSession } from '../engine/engine.ts';
import { createInbound } from './inbound.ts';

export const peer = '5511988887777@c.us';
export const log = { ...logger, debug: ignore, info: ignore, warn: ignore, error: ignore };
export const now = Math.floor(Date.now() / 1000);
export const gapBegan = now - 60;

export function ignore() {}

export function text(stanzaId: string, secondsAgo: number, change: Partial<EngineMessage> = {}): EngineMessage {
  const facts = { peer, waId: `false_${peer}_${stanzaId}`, stanzaId, fromMe: false, kind: 'text' } as const;
  return { ...facts, text: stanzaId, sentAt: now - secondsAgo, delivery: 'delivered', ...change };
}

/**
 * WhatsApp with this one chat, whose messages are told as they stand in `page`. Of a session nothing else is used here.
 */
export function anEngine(page: readonly EngineMessage[], waIds: [string, ...string[]] = [peer]): EngineSession {
  // oxlint-disable-next-line no-unsafe-type-assertion -- What isn't there is asked for nothing.
  return {
    listChats: () =>
      Promise.resolve([{ peer, unread: 0, lastMessageAt: Math.max(...page.map(({ sentAt }) => sentAt)) }]),
    noteStored: ignore,
    describePeer: () => Promise.resolve({ waIds, name: 'Ana', isGroup: false }),
    fetchSince: (_: string, { since, atLeast }: { since: number; atLeast: number }) =>
      Promise.resolve({
        messages: page.filter(({ sentAt }, i) => sentAt >= since || i >= page.length - atLeast),
        isWhole: true,
      }),
  } as unknown as EngineSession;
}

/** As a host does that comes back after a minute without a connection. */
export async function catchUp(tenant: Tenant, engine: EngineSession): Promise<void> {
  const { signal } = new AbortController();
  await createInbound({ tenant, log, signal, caughtUpAt: new Date(gapBegan * 1000) }).catchUp(engine);
}

/** As it came, before the gap. */
export async function store(tenant: Tenant, messages: readonly EngineMessage[], waId = peer): Promise<void> {
  const { signal } = new AbortController();
  const inbound = createInbound({ tenant, log, signal, caughtUpAt: undefined });
  for (const message of messages)
    await inbound.store(message, { contact: { waIds: [waId], name: 'Ana', isGroup: false } });
}

export async function stored(tenant: Tenant, of = peer) {
  const chatId = await tenant.chats.resolvePeer([of]);
  if (chatId === undefined) return [];
  return (await tenant.messages.page({ chatId, limit: 100 })).items;
}

/** WhatsApp with one chat for each of these peers, in which something came lately. */
export function twoChats(fetch: Record<string, () => Promise<EngineMessage[]>>, isWhole = true): EngineSession {
  // oxlint-disable-next-line no-unsafe-type-assertion -- What isn't there is asked for nothing.
  return {
    listChats: () =>
      Promise.resolve(Object.keys(fetch).map((id) => ({ peer: id, unread: 0, lastMessageAt: now - 30 }))),
    describePeer: (id: string) => Promise.resolve({ waIds: [id], name: 'Ana', isGroup: false }),
    fetchSince: async (id: string) => ({ messages: (await fetch[id]?.()) ?? [], isWhole }),
    noteStored: ignore,
  } as unknown as EngineSession;
}

export function begin(tenant: Tenant, options: { retryMs?: number; hasHistory?: boolean }) {
  const { signal } = new AbortController();
  return createInbound({ tenant, log, signal, caughtUpAt: new Date(gapBegan * 1000), ...options });
}
