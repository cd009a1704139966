/** What the simulated phones hold, as the control interface and the tests see it. */

/**
 * How linked devices of others see a phone: by its number (`@c.us`), by its number without the Brazilian ninth digit,
 * or by its hidden id (`@lid`).
 */
export const addressings = ['pn', 'pn-without-ninth', 'lid'] as const;
export type Addressing = (typeof addressings)[number];

/** Why WhatsApp lets a device in no more, in its own words: the states of its page then. */
export const connectionRefusals = ['TOS_BLOCK', 'PROXYBLOCK', 'DEPRECATED_VERSION'] as const;
export type ConnectionRefusal = (typeof connectionRefusals)[number];

export interface Phone {
  /** Digits only, with country code, as registered at WhatsApp. */
  number: string;
  /** The name its owner chose; others see it as pushname. */
  name: string;
  locale: string;
  /** `<number>@c.us` */
  pn: string;
  /** `<15 digits>@lid` */
  lid: string;
  /** What a linked device is told about the phone. */
  platform: 'android' | 'iphone' | 'smba';
  about: string;
  /** Off: messages wait for the phone, and their sender sees one tick. Linked devices get them all the same. */
  online: boolean;
  /** Reads each message as it arrives: the sender sees blue ticks at once. */
  autoRead: boolean;
  addressing: Addressing;
  /** Unix time, milliseconds. */
  createdAt: number;
}

export interface LinkedDevice {
  id: string;
  os: string;
  browser: string;
  /** Unix time, milliseconds. */
  linkedAt: number;
  /** Unix time, milliseconds, of its last connection or disconnection. */
  seenAt: number;
  connected: boolean;
  /** Notes (messages, ticks, edits…) that it hasn't confirmed yet. */
  waiting: number;
}

export interface PhoneState extends Phone {
  devices: LinkedDevice[];
  /** What stands between code and link. */
  linking: {
    asksPasskey: boolean;
    asksCode: boolean;
    /** What WhatsApp wants signed right now. */
    challenge: string | null;
    /** What the phone shows for comparison right now. */
    code: string | null;
  };
  chats: number;
  messages: number;
  unread: number;
}

export type ChatKind = 'user' | 'group' | 'newsletter' | 'status';

export interface Chat {
  /** Number of the other person, or the id of a group, newsletter or `status@broadcast`. */
  peer: string;
  kind: ChatKind;
  title: string;
  /** The chat's id as linked devices see it: `…@c.us`, `…@lid`, `…@g.us`. */
  id: string;
  /** Unix time, seconds, of the last message. */
  t: number;
  unread: number;
  archived: boolean;
  pinned: boolean;
  /** Unix time, seconds; 0 when not muted, -1 for ever. */
  muteExpiration: number;
  lastMessage: Message | null;
}

/** 0 on its way · 1 at the server · 2 on the other's phone · 3 read · 4 played · -1 failed */
export type Ack = -1 | 0 | 1 | 2 | 3 | 4;

/**
 * WhatsApp's own name of a type of message: `chat`, `image`, `ptv`, `poll_creation` … Any other text is one too: the
 * page meets types that it doesn't know yet.
 */
export type MessageType = string;

export interface MediaFacts {
  id: string;
  mimetype: string;
  filename: string | null;
  /** Bytes. */
  size: number;
  expired: boolean;
}

interface Reaction {
  /** Number of who reacted. */
  author: string;
  emoji: string;
  /** Unix time, milliseconds. */
  at: number;
}

/** One phone's copy of a message. */
export interface Message {
  /** Position in the world's order of storage; unique over all phones. */
  seq: number;
  /** WhatsApp's id of the message, the same on every phone that holds a copy. */
  id: string;
  /** The id as linked devices of this phone know it: `<fromMe>_<remote>_<id>[_<participant>]`. */
  key: string;
  peer: string;
  fromMe: boolean;
  /** Number of the sender, in groups and status. */
  author: string | null;
  type: MessageType;
  /** Text, or the caption of a media message. */
  text: string;
  /** Unix time in whole seconds, as WhatsApp has it. */
  t: number;
  ack: Ack;
  media: MediaFacts | null;
  /** Id of the message that this one answers. */
  quoted: string | null;
  /** Unix time, milliseconds. */
  editedAt: number | null;
  forwarded: boolean;
  starred: boolean;
  /** What particular types carry besides, by the names of WhatsApp's page: location, poll options, contact cards. */
  extra: Record<string, unknown>;
  reactions: Reaction[];
  /** Of a poll. */
  votes: Vote[];
  /**
   * Linked devices of this phone can't read it: the subtype of the placeholder that they have instead, `""` where it
   * has none. Null when they can.
   */
  sealed: string | null;
}

interface Vote {
  /** Number of who voted. */
  author: string;
  /** What they chose, as the poll names it; none after a vote was taken back. */
  options: string[];
  /** Unix time, milliseconds. */
  at: number;
}

export interface MediaInput {
  mimetype: string;
  /** Base64. */
  data: string;
  filename?: string | undefined;
  caption?: string | undefined;
  /** Sent as a voice message. */
  voice?: boolean | undefined;
  /** A round video. */
  round?: boolean | undefined;
  /** How long it plays. */
  seconds?: number | undefined;
  /**
   * To be looked at once. `placeholder`: linked devices are told that there is something on the phone, and no more.
   * `media`: they get it, marked as such.
   */
  viewOnce?: 'placeholder' | 'media' | undefined;
}

export interface PlaceInput {
  latitude: number;
  longitude: number;
  name?: string | undefined;
  address?: string | undefined;
  url?: string | undefined;
  /** Followed live on the phones. */
  live?: boolean | undefined;
}

export interface CardInput {
  name: string;
  /** As they stand on the card. */
  phones: string[];
}

export interface PollInput {
  question: string;
  options: string[];
  multiple?: boolean | undefined;
}

export interface CallInput {
  outcome: CallOutcome;
  video?: boolean | undefined;
  /** How long it lasted. */
  seconds?: number | undefined;
}

/** How a call went, in WhatsApp's words. */
export const callOutcomes = ['Missed', 'Completed', 'Rejected', 'AcceptedElsewhere', 'Failed'] as const;
type CallOutcome = (typeof callOutcomes)[number];

/** What a person can send. Of text, media and the rest at least one is there. */
export interface ContentInput {
  text?: string | undefined;
  media?: MediaInput | undefined;
  /** Pictures and videos sent together: a wrapper, and each as a message of its own. */
  album?: MediaInput[] | undefined;
  place?: PlaceInput | undefined;
  contacts?: CardInput[] | undefined;
  poll?: PollInput | undefined;
  call?: CallInput | undefined;
  /** WhatsApp's name of the type; wins over what the rest would make. */
  type?: MessageType | undefined;
  /** By the names of the page, as they are; they win over all others. See `attributes.ts` for ids within them. */
  attributes?: Record<string, unknown> | undefined;
  /**
   * Linked devices of the receivers get a placeholder with this subtype (`""`: none) until it is decrypted for them.
   */
  sealed?: string | undefined;
  /** Planned on the phone for this moment, and not sent until it is released. Unix time, seconds. */
  plannedFor?: number | undefined;
  /** It came by the sender's broadcast list. */
  broadcast?: boolean | undefined;
}

export type WorldEventKind =
  | 'phone-added'
  | 'phone-changed'
  | 'contact-changed'
  | 'number-changed'
  | 'link-waiting'
  | 'link-idle'
  | 'link-refused'
  | 'passkey-demanded'
  | 'link-code'
  | 'pairing-code-requested'
  | 'linked'
  | 'unlinked'
  | 'device-connected'
  | 'device-disconnected'
  | 'device-rewound'
  | 'message'
  | 'ack'
  | 'edit'
  | 'revoke'
  | 'reaction'
  | 'vote'
  | 'read'
  | 'chat-changed'
  | 'typing'
  | 'presence'
  | 'faults-changed'
  | 'page-changed'
  | 'missing-module'
  | 'page-error';

export interface WorldEvent {
  /** Cursor for `GET /events?after=`. */
  seq: number;
  /** Unix time, milliseconds. */
  at: number;
  kind: WorldEventKind;
  /** The phone that it concerns, where there is one. */
  phone: string | null;
  data: Record<string, unknown>;
}
