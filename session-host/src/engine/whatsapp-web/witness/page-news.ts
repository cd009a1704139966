/* oxlint-disable unicorn/consistent-function-scoping -- the source of one function is all that the page gets */
import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../with-deadline.ts';
import type { ChatSeen } from './newer-chats.ts';

/** What a model of the page's has, as far as the witness reads it. Any of it may be missing or of another type. */
interface AnyModel {
  id?: { id?: unknown; fromMe?: unknown; remote?: unknown; user?: unknown; server?: unknown };
  t?: unknown;
  type?: unknown;
  ack?: unknown;
  isNewMsg?: unknown;
  unreadCount?: unknown;
}

interface AnyCollection {
  on?: (event: string, listener: (model: AnyModel) => void) => void;
  off?: (event: string, listener: (model: AnyModel) => void) => void;
  getModelsArray?: () => AnyModel[];
}

interface Arrival {
  peer: string;
  stanzaId: string;
  fromMe: boolean;
  t: number;
  type: string;
}

interface Change {
  what: 'ack' | 'body' | 'type' | 'remove';
  peer: string;
  stanzaId: string;
  fromMe: boolean;
  ack: number;
  type: string;
}

interface Witness {
  attached: Map<string, () => void>;
  arrivals: (Arrival & { place: number })[];
  changes: (Change & { place: number })[];
  unread: Map<string, number>;
  /** Newest second of each chat that the host knows of, and how many were unread then. */
  settled: Map<string, { t: number; unread: number }>;
  place: number;
  since: number;
}

interface WitnessWindow {
  __topActive?: { need?: (name: string) => unknown };
  topActiveWitness?: Witness;
  require?: (name: string) => unknown;
}

export interface PageNews {
  /** Whether the document can be asked for messages at all. */
  attached: boolean;
  /** Where to go on at the next reading. */
  place: number;
  /** So many came since the last reading that the oldest of them are not remembered. */
  forgotten: number;
  arrivals: Arrival[];
  changes: Change[];
  unread: { peer: string; unread: number }[];
  /** It is the first of this document: what its chats hold counts as known. */
  isFirst: boolean;
  /**
   * Chats that have more than the host knows, by time or by what WhatsApp counts as unread; also those that were read
   * since.
   */
  chats: ChatSeen[];
}

/** Up to which second a chat holds nothing that the host doesn't know, and how many were unread then. */
export interface Settled {
  peer: string;
  t: number;
  unread: number;
}

interface Asked {
  /** `place` of the last reading of this document. */
  after: number;
  settled: Settled[];
  /** Attach all listeners anew. */
  reattach: boolean;
}

const partsSchema = { peer: z.string().max(64), stanzaId: z.string().min(1).max(128), fromMe: z.boolean() };

const pageNewsSchema = z.object({
  attached: z.boolean(),
  place: z.int().min(0),
  forgotten: z.int().min(0),
  arrivals: z.array(z.object({ ...partsSchema, t: z.number(), type: z.string().max(64) })).max(64),
  changes: z
    .array(
      z.object({
        ...partsSchema,
        what: z.enum(['ack', 'body', 'type', 'remove']),
        ack: z.number(),
        type: z.string().max(64),
      }),
    )
    .max(64),
  unread: z.array(z.object({ peer: z.string().max(64), unread: z.number() })).max(64),
  isFirst: z.boolean(),
  chats: z
    .array(
      z.object({
        peer: z.string().max(64),
        t: z.number(),
        known: z.number(),
        unread: z.number(),
        more: z.number(),
      }),
    )
    .max(64),
}) satisfies z.ZodType<PageNews>;

/**
 * What has happened in the page since the last reading, by listeners of our own. The first reading of a document
 * attaches them.
 * @throws when the page doesn't answer in time, or another document is about to take its place
 */
export async function readPageNews(page: Page, asked: Asked, timeoutMs: number): Promise<PageNews> {
  return pageNewsSchema.parse(
    await withDeadline(page.evaluate(collectNews, asked), timeoutMs, 'Reading what has happened in the page'),
  );
}

/**
 * Runs in the page, to which its source is all that goes. It uses WhatsApp's collections alone, neither the library nor
 * the text of an id, and each listener stands by itself, so that what takes one of them away leaves the others.
 */
function collectNews({ after, settled, reattach }: Asked): PageNews {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it runs in WhatsApp's page
  const page = globalThis as unknown as WitnessWindow;
  const ring = 64;
  const longest = 64;

  const moduleOf = (name: string): unknown => {
    try {
      const { __topActive: left } = page;
      return left?.need ? left.need(name) : page.require?.(name);
    } catch {
      // Then nothing is attached, which the answer says; the probe names what is missing.
      return undefined;
    }
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of another's module, each part of it is looked for
  const collections = moduleOf('WAWebCollections') as { Msg?: AnyCollection; Chat?: AnyCollection } | undefined;

  const widOf = (wid: unknown): string => {
    if (typeof wid === 'string') return wid;
    const { user, server } = (wid ?? {}) as { user?: unknown; server?: unknown };
    return typeof user === 'string' && typeof server === 'string' ? `${user}@${server}` : '';
  };
  const isConversation = (peer: string): boolean => /@(?:c\.us|lid|g\.us)$/.test(peer) && peer.length <= longest;
  const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
  const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, longest) : '');
  const partsOf = ({ id }: AnyModel) => {
    const peer = widOf(id?.remote);
    const stanzaId = id?.id;
    if (!isConversation(peer) || typeof stanzaId !== 'string' || stanzaId === '' || stanzaId.length > 128)
      return undefined;
    return { peer, stanzaId, fromMe: id?.fromMe === true };
  };

  const witness: Witness = page.topActiveWitness ?? {
    attached: new Map(),
    arrivals: [],
    changes: [],
    unread: new Map(),
    settled: new Map(),
    place: 0,
    since: 0,
  };
  if (!page.topActiveWitness) Object.defineProperty(page, 'topActiveWitness', { value: witness });

  const push = <T>(list: (T & { place: number })[], item: T): void => {
    list.push({ ...item, place: ++witness.place });
    if (list.length > ring) list.shift();
  };
  const sawArrival = (model: AnyModel): void => {
    const parts = partsOf(model);
    if (parts && model.isNewMsg === true)
      push(witness.arrivals, { ...parts, t: numberOf(model.t), type: textOf(model.type) });
  };
  const sawChange =
    (what: Change['what']) =>
    (model: AnyModel): void => {
      const parts = partsOf(model);
      if (!parts || (what === 'remove' && model.isNewMsg !== true)) return;
      push(witness.changes, { what, ...parts, ack: numberOf(model.ack), type: textOf(model.type) });
    };
  const sawUnread = (chat: AnyModel): void => {
    const peer = widOf(chat.id);
    if (!isConversation(peer)) return;
    witness.unread.set(peer, numberOf(chat.unreadCount));
    const [oldest] = witness.unread.keys();
    if (witness.unread.size > ring && oldest !== undefined) witness.unread.delete(oldest);
  };

  const attach = (collection: AnyCollection | undefined, event: string, see: (model: AnyModel) => void): void => {
    const name = `${collection === collections?.Chat ? 'Chat' : 'Msg'} ${event}`;
    if (reattach) witness.attached.get(name)?.();
    if (!reattach && witness.attached.has(name)) return;
    try {
      if (!collection?.on) return;
      const listener = (model: AnyModel): void => {
        try {
          see(model);
        } catch {
          // WhatsApp's own listeners come after this one.
        }
      };
      collection.on(event, listener);
      witness.attached.set(name, () => {
        try {
          collection.off?.(event, listener);
        } catch {
          // It goes with the document.
        }
      });
    } catch {
      // Tried again at the next reading.
    }
  };
  attach(collections?.Msg, 'add', sawArrival);
  attach(collections?.Msg, 'change:ack', sawChange('ack'));
  attach(collections?.Msg, 'change:body', sawChange('body'));
  attach(collections?.Msg, 'change:type', sawChange('type'));
  attach(collections?.Msg, 'remove', sawChange('remove'));
  attach(collections?.Chat, 'change:unreadCount', sawUnread);

  const isFirst = witness.since === 0;
  const newerChats = (): ChatSeen[] => {
    // A chat that is loaded later isn't new for that.
    if (isFirst) witness.since = Date.now() / 1000 - 60;
    for (const { peer, t, unread } of settled)
      witness.settled.set(peer, { t: Math.max(t, witness.settled.get(peer)?.t ?? 0), unread });
    const newer: ChatSeen[] = [];
    for (const chat of collections?.Chat?.getModelsArray?.() ?? []) {
      const t = numberOf(chat.t);
      // Below nothing: marked as unread by hand.
      const unread = Math.max(0, numberOf(chat.unreadCount));
      if (t === 0) continue;
      const peer = widOf(chat.id);
      const known = witness.settled.get(peer);
      if (known && t <= known.t && unread === known.unread) continue;
      if (isFirst || (!known && t < witness.since)) witness.settled.set(peer, { t, unread });
      else if (isConversation(peer)) {
        newer.push({ peer, t, known: known?.t ?? 0, unread, more: known ? Math.max(0, unread - known.unread) : 0 });
        // What is read may come to be unread anew.
        if (known && unread < known.unread) known.unread = unread;
      }
    }
    return newer.toSorted((a, b) => b.t - a.t).slice(0, ring);
  };
  let chats: ChatSeen[] = [];
  try {
    chats = newerChats();
  } catch {
    // Arrivals are told all the same.
  }

  const arrivals = witness.arrivals.filter(({ place }) => place > after);
  const oldest = witness.arrivals[0];
  const told: PageNews = {
    attached: witness.attached.has('Msg add'),
    place: witness.place,
    forgotten:
      witness.arrivals.length === ring && oldest && arrivals.length === ring
        ? Math.max(0, oldest.place - after - 1)
        : 0,
    arrivals: arrivals.map(({ place: _place, ...arrival }) => arrival),
    changes: witness.changes.filter(({ place }) => place > after).map(({ place: _place, ...change }) => change),
    unread: [...witness.unread].map(([peer, unread]) => ({ peer, unread })),
    isFirst,
    chats,
  };
  witness.unread.clear();
  return told;
}
