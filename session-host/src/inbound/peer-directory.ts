import type { Contact, Log, Tenant } from '@top-active/aws';
import type { EngineSession, PeerDescription } from '../engine/engine.ts';
import type { ChatKeys } from './chat-keys.ts';

/**
 * A contact that is renamed on the phone is called so here with the next message after it. Of who is known under all
 * ids only the page is asked.
 */
const freshForMs = 60_000;
/** WhatsApp's servers are asked for the other id of who is known under one. */
const incompleteFreshForMs = 10 * 60_000;

export interface PeerDirectory {
  /**
   * Who a peer is, with all its ids. Asks WhatsApp seldom: frequent lookups look like a harvester's. When WhatsApp
   * can't be asked, what is stored has to do, since a message must be stored in any case.
   */
  describe(
    peer: string,
    options: { engine: EngineSession | undefined; pushname?: string | undefined },
  ): Promise<Contact>;
}

export function createPeerDirectory({
  tenant,
  keys,
  log,
}: {
  tenant: Tenant;
  keys: ChatKeys;
  log: Log;
}): PeerDirectory {
  const known = new Map<string, { description: PeerDescription; at: number }>();

  return {
    async describe(peer, { engine, pushname }) {
      const cached = known.get(peer);
      if (cached && performance.now() - cached.at < freshFor(cached.description))
        return withName(cached.description, pushname);
      try {
        if (engine) {
          const description = await engine.describePeer(peer);
          keys.join(description.waIds);
          for (const id of description.waIds)
            known.set(id, {
              description: { ...description, waIds: startingWith(id, description.waIds) },
              at: performance.now(),
            });
          return withName(description, pushname);
        }
      } catch (error) {
        log.warn('Looking up a peer failed', {}, error);
      }
      return cached ? withName(cached.description, pushname) : withName(await fromStore(peer), pushname);
    },
  };

  async function fromStore(peer: string): Promise<PeerDescription> {
    const chatId = await tenant.chats.resolvePeer([peer]);
    const chat = chatId === undefined ? undefined : await tenant.chats.get(chatId);
    const phone = peer.endsWith('@c.us') ? peer.slice(0, -'@c.us'.length) : chat?.phone;
    return { waIds: [peer], name: chat?.name ?? '', phone, isGroup: peer.endsWith('@g.us') };
  }
}

function withName(description: PeerDescription, pushname: string | undefined): Contact {
  const name = description.name !== '' ? description.name : description.isGroup ? undefined : pushname;
  return { ...description, name: name ?? (description.phone === undefined ? '' : `+${description.phone}`) };
}

function freshFor({ waIds, isGroup }: PeerDescription): number {
  return isGroup || waIds.length > 1 ? freshForMs : incompleteFreshForMs;
}

function startingWith(id: string, ids: readonly string[]): [string, ...string[]] {
  return [id, ...ids.filter((other) => other !== id)];
}
