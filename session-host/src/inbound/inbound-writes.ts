import type { ChatId } from '@top-active/core/contracts';
import { metrics, type Log, type RecordedMessage, type Tenant } from '@top-active/aws';
import type { EngineMessage, EngineSession } from '../engine/engine.ts';
import { amendMessage, type AmendmentEvent } from './amend-message.ts';
import type { PeerDirectory } from './peer-directory.ts';
import type { StoreOptions } from './store-options.ts';
import { toIncoming } from './to-incoming.ts';
import type { UnreadCount } from './unread-counts.ts';
import { untilStored } from './until-stored.ts';

/**
 * Writes what the engine tells, each until it is stored. To be called in the order of the message's chat.
 * @see untilStored for what each rejects with
 */
interface InboundWrites {
  /** Undefined: the store refuses this message. */
  store: (message: EngineMessage, options: StoreOptions) => Promise<RecordedMessage | undefined>;
  /** A message as it came. Rejects when the store refuses it. */
  storeLive(message: EngineMessage, engine: EngineSession): Promise<void>;
  amend(event: AmendmentEvent, engine: EngineSession): Promise<void>;
  storeUnread(told: UnreadCount<EngineSession>): Promise<void>;
}

interface InboundWritesOptions {
  tenant: Pick<Tenant, 'chats' | 'messages'>;
  directory: PeerDirectory;
  log: Log;
  signal: AbortSignal;
  onStored?: (() => void) | undefined;
}

export function createInboundWrites(options: InboundWritesOptions): InboundWrites {
  const { tenant, directory, log, signal, onStored } = options;
  return { store, storeLive, amend, storeUnread };

  async function store(message: EngineMessage, { contact, sender, missedSince }: StoreOptions) {
    const recorded = await untilStored(
      () => tenant.messages.recordMessage({ chat: contact, message: toIncoming(message, sender), missedSince }),
      { what: 'message', log, signal },
    );
    if (recorded?.stored) {
      metrics.emit('MessagesStored');
      const { reason, type } = message.content?.onPhone ?? {};
      if (reason === 'unknown_type' && type !== undefined) metrics.emit('MessagesOnPhone', 1, { type });
      onStored?.();
    }
    return recorded;
  }

  async function storeLive(message: EngineMessage, engine: EngineSession): Promise<void> {
    const contact = await untilStored(() => directory.describe(message.peer, { engine, pushname: message.pushname }), {
      what: 'contact',
      log,
      signal,
    });
    const recorded = contact && (await store(message, { contact }));
    if (!recorded) throw new Error('The store refuses the message');
    engine.noteStored(message);
    if (!recorded.stored || message.fromMe) return;
    const delayMs = Math.max(0, Date.now() - message.sentAt * 1000);
    metrics.emit('MessageDelay', delayMs);
    log.info('Message stored', { delayMs });
  }

  async function amend(event: AmendmentEvent, engine: EngineSession): Promise<void> {
    await untilStored(
      async () => {
        const chatId = await tenant.chats.resolvePeer([event.peer]);
        if (chatId !== undefined && (await amendMessage(tenant.messages, { chatId, event }))) return;
        // Told under another id than the message itself.
        const met = await meet(event.peer, { engine });
        if (met !== undefined && met !== chatId) await amendMessage(tenant.messages, { chatId: met, event });
      },
      { what: event.type, log, signal },
    );
  }

  async function storeUnread({ peer, unread, engine }: UnreadCount<EngineSession>): Promise<void> {
    await untilStored(() => meet(peer, { engine, unread }), { what: 'unread', log, signal });
  }

  /** The chat of a peer under all its ids, which lead to it from now on. Undefined when it was never met. */
  async function meet(
    peer: string,
    { engine, unread }: { engine: EngineSession; unread?: number },
  ): Promise<ChatId | undefined> {
    const contact = await directory.describe(peer, { engine });
    if ((await tenant.chats.resolvePeer(contact.waIds)) === undefined) return undefined;
    return (await tenant.chats.upsertContact({ ...contact, unread })).chatId;
  }
}
