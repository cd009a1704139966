import type { BrowserHome } from '../browser/homes/browser-home.ts';
import type {
  CapabilityReport,
  DeliveryState,
  MessageContent,
  MessageKind,
  Pairing,
  PasskeyAnswer,
  PasskeyRequest,
  Poll,
  QuotedMessage,
  Reaction,
  Reception,
  Restriction,
  SendFailure,
  WhatsAppStatus,
} from '@top-active/core/contracts';

export type Account = NonNullable<WhatsAppStatus['account']>;

/** A message as WhatsApp tells of it, before it is anybody's chat. */
export interface EngineMessage {
  /** The chat's id as WhatsApp wrote it: `5511…@c.us`, `…@lid`, `…@g.us`. */
  peer: string;
  /** WhatsApp's whole message id. */
  waId: string;
  /** Unique within chat and direction. With chat and direction it is all that a message needs to be stored. */
  stanzaId: string;
  fromMe: boolean;
  kind: MessageKind;
  /** Text, or the caption of media. */
  text: string;
  /** Epoch seconds. */
  sentAt: number;
  delivery: DeliveryState;
  /** The text isn't the one that was sent first. */
  edited?: boolean | undefined;
  /** The name that the sender chose, when it came with the message. */
  pushname?: string | undefined;
  content?: EngineContent | undefined;
  /**
   * Stanza id of the message that this one stands for, in the same direction: one that was deleted is told under an id
   * of its own.
   */
  replaces?: string | undefined;
}

/**
 * What a message is besides its text; the message that it answers is named as WhatsApp names it. `reactions` are all
 * that there are; where they aren't known the field is absent.
 */
export interface EngineContent extends Omit<MessageContent, 'quoted'> {
  quoted?: (Omit<QuotedMessage, 'messageId'> & { stanzaId: string }) | undefined;
}

export interface PeerDescription {
  /** All ids of this one peer, the one to send to first. */
  waIds: [string, ...string[]];
  /** Empty when WhatsApp knows none. */
  name: string;
  /** International digits without plus. */
  phone?: string | undefined;
  isGroup: boolean;
}

/** What was found of a range of a chat's messages. */
export interface FetchedRange {
  /** Ascending. */
  messages: EngineMessage[];
  /** Nothing of the range is missing. False when WhatsApp has more than it gave, or gave what nobody can read. */
  isWhole: boolean;
}

export interface EngineChat {
  peer: string;
  /** Epoch seconds of its newest message, 0 when it has none. */
  lastMessageAt: number;
  unread: number;
}

/** Why a session is over although nobody ended it. */
export type DeathCause =
  /** There is no connection to web.whatsapp.com from here. */
  | 'unreachable'
  | 'start_timeout'
  /** Only what a look at the page has found: what it lacks is known by name. */
  | 'engine_incompatible'
  | 'browser_died'
  | 'page_crashed'
  | 'page_unresponsive'
  | 'connection_lost'
  | 'page_silent'
  | 'refused'
  | 'banned'
  | 'conflict'
  /** WhatsApp lets this version of its page in no more; loaded anew, it is the newest. */
  | 'page_outdated'
  /** Something that has no name here. It may pass. */
  | 'unknown';

export type EngineEvent =
  /** Each code replaces the one before. */
  | { type: 'qr'; code: string }
  /** WhatsApp shows no more codes until it is asked to. */
  | { type: 'qr-idle' }
  | { type: 'scanned' }
  /** WhatsApp asks for the owner's passkey, once more with each such event. */
  | { type: 'passkey'; request: PasskeyRequest }
  /** The request that was pending is over without an answer: too late, or WhatsApp asks no more. */
  | { type: 'passkey-ended'; why: 'expired' | 'withdrawn' }
  /** The page has the owner's answer. */
  | { type: 'passkey-answered'; outcome: PasskeyAnswer['outcome'] }
  /** WhatsApp shows a code that the phone shows too. Told again whenever it changes. */
  | { type: 'comparison-code'; code: string }
  | { type: 'code-compared'; matches: boolean }
  | { type: 'progress'; percent: number }
  /** Connected and in sync; again after each return of the connection. What came meanwhile was not announced. */
  | { type: 'ready'; account: Account }
  /** The phone tells its battery, if ever. */
  | { type: 'battery'; percent: number; plugged: boolean }
  /** The connection is gone and may come back; the session goes on. */
  | { type: 'disconnected'; reason: string }
  /**
   * A message came, or has become another: decrypted, sent after all. Whatever was told under the same id before is to
   * be replaced.
   */
  | { type: 'message'; message: EngineMessage }
  /** A message came of which chat, id or direction can't be told. */
  | { type: 'unreadable'; why: string }
  /** `failure` says why, of a message that is `failed`. */
  | {
      type: 'delivery';
      peer: string;
      stanzaId: string;
      delivery: DeliveryState;
      failure?: SendFailure | undefined;
    }
  /** `fromMe` is that of the message reacted to; an empty emoji takes the reaction back. */
  | {
      type: 'reaction';
      peer: string;
      stanzaId: string;
      fromMe: boolean;
      reaction: Omit<Reaction, 'emoji'> & { emoji: string };
    }
  /** The poll with all its votes as they are now. */
  | { type: 'poll'; peer: string; stanzaId: string; fromMe: boolean; poll: Poll }
  | { type: 'edit'; peer: string; stanzaId: string; fromMe: boolean; text: string }
  | { type: 'revoke'; peer: string; stanzaId: string; fromMe: boolean }
  | { type: 'unread'; peer: string; unread: number }
  /** What can be done on the page that WhatsApp serves: once per document, and whenever that changes. */
  | { type: 'capabilities'; report: CapabilityReport }
  /** What WhatsApp forbids the account for now, all of it; told again whenever it changes. Empty: nothing. */
  | { type: 'restrictions'; restrictions: Restriction[] }
  /**
   * Messages that didn't come as they should, and are told now. `deaf`: nobody told of them. `unreadable`: what was
   * told of them couldn't be read. `unstored`: they were not stored. `silent`: the page itself gave no sign of them.
   */
  | { type: 'missed'; level: 'deaf' | 'unreadable' | 'unstored' | 'silent'; messages: number }
  /** The page gives no sign of messages, again and again: another browser may. The session goes on. */
  | { type: 'page-silent' }
  /** How messages come through. Told when it changes; a session begins with `ok`. */
  | { type: 'reception'; state: Reception['state'] }
  /**
   * Unlinked by the phone or by WhatsApp, whose own name of the reason is told where it gave one. The session is of no
   * more use.
   */
  | { type: 'logged-out'; reason?: string | undefined }
  /**
   * The last event of a session. `missing`, with `engine_incompatible`: what the page doesn't have any more, by its own
   * names.
   */
  | { type: 'died'; cause: DeathCause; detail: string; missing?: string[] | undefined };

export interface StartOptions {
  /** Where the browser lives. It belongs to the session until `stop` has returned or `died` was told. */
  home: BrowserHome;
  /** What the page's Local Storage held when the profile was saved. */
  localStorage?: Readonly<Record<string, string>> | undefined;
  onEvent: (event: EngineEvent) => void;
}

/**
 * Something that can be a linked device of a WhatsApp account. Users of it know nothing of browsers but their process
 * id.
 */
export interface Engine {
  /** Starts at once and tells by events how it goes. */
  start(options: StartOptions): EngineSession;
}

/** All methods reject when the session has ended or doesn't answer in time. */
export interface EngineSession {
  /** Main process of the browser, once it runs. */
  readonly pid: number | undefined;
  /**
   * Hands a text to WhatsApp; it may still be on its way when this returns.
   * @throws {EngineError} `refused`: nothing was sent; `unsure`: it may have been
   */
  sendText(peer: string, text: string): Promise<EngineMessage>;
  showTyping(peer: string): Promise<void>;
  /** Tells the peer that everything up to now was read. */
  markSeen(peer: string): Promise<void>;
  describePeer(peer: string): Promise<PeerDescription>;
  /** People and groups; no status, channels and broadcasts. */
  listChats(): Promise<EngineChat[]>;
  /** The chat's messages from `since` (epoch seconds) on, and at least the newest `atLeast`, at most `atMost`. */
  fetchSince(peer: string, range: { since: number; atLeast: number; atMost: number }): Promise<FetchedRange>;
  /**
   * Whoever stores messages has this one, be it for the first time or not: what isn't noted is told again. Never
   * throws.
   */
  noteStored(message: { stanzaId: string; fromMe: boolean }): void;
  readLocalStorage(): Promise<Record<string, string>>;
  /** Gives WhatsApp's page the owner's answer. False when it isn't the pending request's, or the page asks no more. */
  answerPasskey(requestId: string, answer: PasskeyAnswer): Promise<boolean>;
  /** The owner has compared: goes on, where WhatsApp waits for that. False when this code isn't shown. */
  compareCode(code: string, matches: boolean): Promise<boolean>;
  /**
   * A code of eight characters that links the account with this number when it is typed on its phone; earlier ones are
   * void. Only while WhatsApp waits to be linked.
   * @param phone international digits
   * @throws {PairingRefusal}
   */
  requestPairingCode(phone: string): Promise<string>;
  /** Makes WhatsApp show a new QR code. */
  refreshQr(): Promise<void>;
  /**
   * Unlinks the device at WhatsApp, then ends the session. False when WhatsApp didn't confirm it, so that the phone may
   * go on showing the device.
   */
  logout(): Promise<boolean>;
  /** Ends the session in order, so that its profile is complete. No event follows. Never rejects. */
  stop(): Promise<void>;
}

/** WhatsApp gives no code for this number. */
export class PairingRefusal extends Error {
  override readonly name = 'PairingRefusal';
  readonly reason: NonNullable<Pairing['failure']>;

  constructor(reason: NonNullable<Pairing['failure']>, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * `unready`: nothing was asked of WhatsApp, since the session is not up; `refused`: it said no; `unsure`: it may have
 * been done.
 */
type EngineOutcome = 'unready' | 'refused' | 'unsure';

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly outcome: EngineOutcome;
  /** Of `refused`, where it is known. */
  readonly failure: SendFailure | undefined;

  constructor(outcome: EngineOutcome, message: string, options?: ErrorOptions & { failure?: SendFailure }) {
    super(message, options);
    this.outcome = outcome;
    this.failure = options?.failure;
  }
}
