import type { Page } from 'puppeteer';
import type { EngineEvent, EngineMessage, FetchedRange } from '../../engine.ts';
import { isNavigation } from '../classify-failure.ts';
import { typeOf } from '../messages/message-types.ts';
import type { NoteFailure } from '../note-failures.ts';
import { readDelivery } from '../messages/read-delivery.ts';
import { readMessage, type ReadMessage } from '../messages/read-message.ts';
import { compare, decide, isKnown, receptionOf } from './compare.ts';
import {
  beginComparison,
  type Act,
  type Arrival,
  type CompareEvent,
  type CompareLimits,
  type Comparison,
} from './comparison.ts';
import { readPageNews, type PageNews, type Settled } from './page-news.ts';
import { newsOf, startOf, type Search } from './newer-chats.ts';
import { readMissed } from './read-missed.ts';
import { createReactionWatch } from './watch-reactions.ts';
import { createVoteWatch } from './watch-votes.ts';

export interface Witness {
  /**
   * Looks at the page, compares, and makes good what was missed. Once per heartbeat while the page is in sync;
   * `isReady`: told to be ready, so that messages are taken. Never rejects; a page that can't be looked at is the
   * heartbeat's affair.
   */
  look(page: Page, isReady: boolean): Promise<void>;
  /** The library has told of something. */
  told(event: EngineEvent): void;
  /** The store has this message. */
  stored(message: { stanzaId: string; fromMe: boolean }): void;
  /** Another document has taken the page's place. */
  documentGone(): void;
}

interface Options {
  limits: CompareLimits & { reactionsEveryMs: number };
  emit: (event: EngineEvent) => void;
  noteFailure: NoteFailure;
  /** WhatsApp has taken a message of ours, or refused it. */
  onTick: (stanzaId: string) => void;
  /** Reactions came that the library had not told of. */
  onReactionsFound: () => void;
  fetchSince: (peer: string, range: { since: number; atLeast: number; atMost: number }) => Promise<FetchedRange>;
}

const callTimeoutMs = 10_000;
const rememberedChanges = 64;
/** Of one chat that was looked into. */
const mostFound = 500;

interface State {
  comparison: Comparison;
  place: number;
  /** What becomes of messages is told from here, since the library tells nothing. */
  isSource: boolean;
  settled: Settled[];
  /** Kept for the case that the library turns out to be deaf. */
  changes: PageNews['changes'];
}

function freshState(): State {
  return {
    comparison: beginComparison(performance.now()),
    place: 0,
    isSource: false,
    settled: [],
    changes: [],
  };
}

/** Sees by itself which messages come into WhatsApp's page, and tells of those that the library doesn't. */
export function createWitness({ limits, emit, noteFailure, onTick, onReactionsFound, fetchSince }: Options): Witness {
  let state = freshState();
  const reactions = createReactionWatch({ everyMs: limits.reactionsEveryMs, emit, onFound: onReactionsFound });
  const votes = createVoteWatch({ everyMs: limits.reactionsEveryMs, emit });
  let looking: Promise<void> | undefined;
  let reception: ReturnType<typeof receptionOf> | undefined;

  function take(event: CompareEvent): void {
    state.comparison = compare(state.comparison, event);
  }

  async function lookOnce(page: Page, isReady: boolean): Promise<void> {
    const { settled, place } = state;
    const of = state;
    const news = await readPageNews(page, { after: place, settled, reattach: false }, callTimeoutMs);
    if (of !== state) return;
    of.settled = [];
    of.place = news.place;
    const at = performance.now();
    take({ type: 'arrived', arrivals: news.arrivals.filter(isMessage), at });
    if (!isReady || news.isFirst) take({ type: 'known-so-far', at });
    if (isReady) take({ type: 'newer-chats', chats: news.chats, at });
    else of.settled = news.chats.map(({ peer, t, unread }) => ({ peer, t, unread }));
    of.changes = [...of.changes, ...news.changes].slice(-rememberedChanges);
    if (!isReady) return;
    const decided = decide(of.comparison, at, of.isSource ? { ...limits, tellMs: 0 } : limits);
    of.comparison = decided.next;
    for (const act of decided.acts) await perform(page, act);
    if (of === state && of.isSource) await tellChanges(page, news);
    tellReception();
  }

  async function perform(page: Page, act: Act): Promise<void> {
    switch (act.type) {
      case 'deliver':
        return deliver(page, act);
      case 'look-into':
        return lookInto(act.search);
      case 'settle':
        state.settled.push({ peer: act.peer, t: act.t, unread: act.unread });
        return undefined;
      case 'restart':
        emit({ type: 'page-silent' });
        return undefined;
      default:
        return act satisfies never;
    }
  }

  async function deliver(page: Page, { why, messages }: Extract<Act, { type: 'deliver' }>): Promise<void> {
    const raws = await readMissed(page, messages, callTimeoutMs);
    const found = messages.map((arrival, place) => ({ arrival, read: readRaw(raws[place]) }));
    const at = performance.now();
    for (const { arrival, read } of found) if (read.kind === 'ignored') take({ type: 'ignored', message: arrival, at });
    const missed = found.filter(({ read }) => read.kind !== 'ignored');
    if (missed.length === 0) return;
    emit({ type: 'missed', level: why, messages: missed.length });
    if (why === 'deaf' && !state.isSource) {
      state.isSource = true;
      await readPageNews(page, { after: state.place, settled: [], reattach: true }, callTimeoutMs);
    }
    for (const { arrival, read } of missed) {
      const isRead = read.kind === 'message';
      take({ type: 'delivered', message: arrival, damaged: !isRead, at });
      emit({ type: 'message', message: isRead ? read.message : placeholderOf(arrival) });
    }
  }

  async function lookInto(search: Search): Promise<void> {
    const { peer } = search;
    const { t = 0, unread = 0 } = state.comparison.newer.get(peer) ?? {};
    try {
      const range = { since: startOf(search), atLeast: 1, atMost: mostFound };
      const { messages } = await fetchSince(peer, range);
      const at = performance.now();
      const unknown = newsOf(messages, search, (message) => isKnown(state.comparison, message));
      take({ type: 'looked-into', peer, found: unknown.length, at });
      state.settled.push({ peer, t, unread });
      if (unknown.length === 0) return;
      emit({ type: 'missed', level: 'silent', messages: unknown.length });
      for (const message of unknown) {
        const { stanzaId, fromMe, sentAt, kind: type } = message;
        take({ type: 'delivered', message: { peer, stanzaId, fromMe, t: sentAt, type }, damaged: false, at });
        emit({ type: 'message', message });
      }
    } catch (error) {
      if (isNavigation(error)) throw error;
      take({ type: 'look-failed', peer, at: performance.now() });
      // Given up: the next catch-up has it.
      if (!state.comparison.newer.has(peer)) state.settled.push({ peer, t, unread });
    }
  }

  /** Ticks, edits, deletions and unread counts, as the library would tell of them. */
  async function tellChanges(page: Page, { unread }: PageNews): Promise<void> {
    const { changes } = state;
    state.changes = [];
    for (const { what, ack, type, peer, stanzaId, fromMe } of changes) {
      if (what === 'ack' && fromMe) {
        if (ack !== 0) onTick(stanzaId);
        emit({ type: 'delivery', peer, stanzaId, delivery: readDelivery(ack) });
      }
      if (what === 'type' && type === 'revoked') emit({ type: 'revoke', peer, stanzaId, fromMe });
    }
    const rewritten = changes.filter(({ what, type }) => what === 'body' || (what === 'type' && type !== 'revoked'));
    const raws = rewritten.length > 0 ? await readMissed(page, rewritten, callTimeoutMs) : [];
    for (const [place, { what }] of rewritten.entries()) {
      const read = readRaw(raws[place]);
      if (read.kind !== 'message') continue;
      const { message } = read;
      const { peer, stanzaId, fromMe, text } = message;
      // Decrypted at last, or written anew.
      if (what === 'type') emit({ type: 'message', message });
      else if (message.edited) emit({ type: 'edit', peer, stanzaId, fromMe, text });
    }
    for (const one of unread) emit({ type: 'unread', peer: one.peer, unread: Math.max(0, one.unread) });
  }

  function tellReception(): void {
    const now = receptionOf(state.comparison);
    if (now === reception) return;
    reception = now;
    emit({ type: 'reception', state: now });
  }

  return {
    async look(page, isReady) {
      looking ??= lookOnce(page, isReady)
        .catch((error: unknown) => noteFailure('the witness', error))
        // Each by itself: a page that lets one of them not be seen may show the other.
        .then(() => reactions.look(page, isReady))
        .catch((error: unknown) => noteFailure('looking for reactions', error))
        .then(() => votes.look(page, isReady))
        .catch((error: unknown) => noteFailure('looking for votes', error))
        .finally(() => {
          looking = undefined;
        });
      return looking;
    },
    told(event) {
      reactions.told(event);
      votes.told(event);
      const at = performance.now();
      if (event.type === 'unreadable') take({ type: 'unreadable', at });
      if (event.type !== 'message') return;
      // Whoever tells isn't deaf.
      state.isSource = false;
      const { peer, stanzaId, fromMe, sentAt: t, kind: type } = event.message;
      take({ type: 'told', message: { peer, stanzaId, fromMe, t, type }, at });
    },
    stored: (message) => take({ type: 'stored', message, at: performance.now() }),
    documentGone() {
      state = freshState();
      reactions.documentGone();
      votes.documentGone();
    },
  };
}

function isMessage({ type }: Arrival): boolean {
  return !('ignored' in typeOf(type));
}

function readRaw(raw: unknown): ReadMessage {
  return raw === undefined ? { kind: 'unreadable', why: 'the page has it no more' } : readMessage(raw);
}

/** All that is known of a message that can't be read: it stands in its place, and the phone shows it. */
function placeholderOf({ peer, stanzaId, fromMe, t, type }: Arrival): EngineMessage {
  return {
    peer,
    waId: `${fromMe}_${peer}_${stanzaId}`,
    stanzaId,
    fromMe,
    kind: 'other',
    text: '',
    sentAt: t > 0 ? Math.floor(t) : Math.floor(Date.now() / 1000),
    delivery: fromMe ? 'pending' : 'delivered',
    content: { onPhone: { reason: 'damaged', type } },
  };
}
