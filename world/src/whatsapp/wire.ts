import type { Faults } from './faults.ts';
import type { Restrictions } from './restrictions.ts';
import type { Ack, ChatKind, ConnectionRefusal, MessageType } from './types.ts';

/** What the world sends to a page. Types only: the page is bundled with them, the server writes them. */

export interface WireQuote {
  id: string;
  /** Id of who wrote the quoted message, as this device sees it. */
  participant: string;
  type: MessageType;
  /** Text, or the caption of a media message. */
  body: string;
  mimetype: string | null;
  filename: string | null;
  extra: Record<string, unknown>;
}

export interface WireMedia {
  directPath: string;
  mediaKey: string;
  filehash: string;
  encFilehash: string;
  mimetype: string;
  filename: string | null;
  /** Bytes. */
  size: number;
}

export interface WireMessage {
  seq: number;
  /** `<fromMe>_<remote>_<id>[_<self>][_<participant>]` */
  key: string;
  from: string;
  to: string;
  author: string | null;
  type: MessageType;
  text: string;
  /** Unix time, seconds. */
  t: number;
  ack: Ack;
  pushname: string;
  media: WireMedia | null;
  quote: WireQuote | null;
  editedAt: number | null;
  forwarded: boolean;
  starred: boolean;
  extra: Record<string, unknown>;
  reactions: WireReaction[];
}

export interface WireReaction {
  /** Key of the message reacted to. */
  parent: string;
  author: string;
  fromMe: boolean;
  emoji: string;
  /** Unix time, milliseconds. */
  at: number;
}

export interface WireVote {
  /** Key of the poll. */
  poll: string;
  voter: string;
  fromMe: boolean;
  /** Places of the chosen options in the poll. */
  options: number[];
  /** Unix time, milliseconds. */
  at: number;
}

export interface WireChat {
  id: string;
  kind: ChatKind;
  title: string;
  t: number;
  unread: number;
  archived: boolean;
  pinned: boolean;
  muteExpiration: number;
  lastMessage: WireMessage | null;
  /** `…@c.us`: who it was before a change of number, and who it became. */
  changeNumberOldJid: string | null;
  changeNumberNewJid: string | null;
  /** The other has written here: one may always answer. */
  hasToken: boolean;
  group: { owner: string; createdAt: number; participants: string[] } | null;
}

export interface WireContact {
  /** Id as this device sees the person. */
  id: string;
  /** Null where this device isn't told the person's number. */
  pn: string | null;
  lid: string;
  username: string | null;
  /** As saved in the address book; null when not saved. */
  name: string | null;
  pushname: string;
  business: boolean;
  blocked: boolean;
}

export interface WireCall {
  id: string;
  /** Id of who calls, as this device sees the person. */
  peer: string;
  isVideo: boolean;
}

export interface WireMe {
  pn: string;
  lid: string;
  pushname: string;
  platform: string;
}

/** A change that every linked device of a phone must hear of; kept until each has confirmed it. */
export type Note =
  /** The chat comes without its last message, which is this one. */
  | { type: 'message'; message: WireMessage; chat: WireChat; contact: WireContact | null }
  | { type: 'ack'; key: string; ack: Ack }
  | { type: 'edit'; key: string; text: string; at: number }
  /** Deleted for everyone: what is left has an id of its own, and names the old one. */
  | { type: 'revoke'; key: string; message: WireMessage }
  /** The message is there already, and turns into this: it was decrypted, or sent at last. Under `key` so far. */
  | { type: 'replace'; key: string; message: WireMessage; chat: WireChat }
  | { type: 'delete'; key: string }
  | { type: 'reaction'; reaction: WireReaction }
  | { type: 'vote'; vote: WireVote }
  | { type: 'unread'; chat: string; unread: number }
  | { type: 'chat'; chat: WireChat }
  | { type: 'chat-removed'; chat: string }
  | { type: 'chat-cleared'; chat: string }
  | { type: 'chat-id'; from: string; to: string; contact: WireContact }
  | { type: 'contact'; contact: WireContact }
  | { type: 'star'; key: string; starred: boolean };

/** What lies over a linked page, and may change while it runs. */
export interface Overlays {
  restrictions: Restrictions;
  whatsNew: boolean;
  scheduledReloadMs: number;
  needsUpdate: boolean;
  acted: Pick<Faults, 'logoutMs' | 'failSends' | 'reconnectScale'>;
}

/** The part of the faults that the page itself acts out. */
export interface PageFaults {
  fastSync: boolean;
  slowBootMs: number;
  syncDelayMs: number;
  requireLidLookup: boolean;
  missingModules: string[];
  hideNumbers: boolean;
}

export type ServerFrame =
  | { t: 'welcome'; faults: PageFaults }
  | { t: 'ref'; ref: string }
  | { t: 'idle' }
  | { t: 'link-refused'; reason: string }
  /** A signature with the owner's passkey is wanted; after a button, where there is one. */
  | { t: 'passkey'; challenge: string; timeout: number; button: boolean }
  | { t: 'compare-code'; code: string }
  /** The page connects as this device, after so long. */
  | { t: 'paired'; me: WireMe; token: string; afterMs: number }
  | { t: 'stale'; reload: boolean }
  /** It isn't let in, and needn't try again. */
  | { t: 'refused'; state: ConnectionRefusal; faults: PageFaults }
  | {
      t: 'sync';
      faults: PageFaults;
      overlays: Overlays;
      me: WireMe;
      contacts: WireContact[];
      chats: WireChat[];
      resume: boolean;
    }
  | { t: 'note'; seq: number; note: Note; again?: boolean | undefined; silent?: boolean | undefined }
  | { t: 'overlays'; overlays: Overlays }
  | { t: 'chat-state'; chat: string; state: string }
  /** `reason`: WhatsApp's word for why, where it tells. */
  | { t: 'logged-out'; reason?: string | undefined }
  | { t: 'battery'; percent: number; plugged: boolean }
  /** Somebody calls. */
  | { t: 'call'; call: WireCall }
  | { t: 'conflict' }
  | { t: 'navigate'; how: 'push-state' | 'reload' | 'crash'; againAfterMs?: number | undefined }
  | { t: 'hang'; ms: number }
  | { t: 'leak'; mib: number }
  | { t: 'reply'; n: number; result: unknown }
  | { t: 'failure'; n: number; status: number; message: string };
