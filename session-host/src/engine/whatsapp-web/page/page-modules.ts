/**
 * What is used of WhatsApp's own modules, by their names in its page. Any of it can be gone tomorrow: whoever asks `need` for a module checks each
 * export before use, and so all are optional.
 */
export interface PageModules {
  WAWebMsgKey: MsgKeyClass & { default?: MsgKeyClass };
  WAWebWidFactory: { createWid?: (text: string) => Wid };
  WAWebCollections: {
    Msg?: MsgCollection;
    Chat?: Collection<Chat>;
    Contact?: Collection<Contact>;
    Reactions?: Collection<Reactions>;
  };
  WAWebApiContact: Partial<
    Record<'getAlternateUserWid' | 'getCurrentLid' | 'getPhoneNumber', (wid: Wid) => Wid | null | undefined>
  >;
  WAWebUserPrefsMeUser: Partial<Record<'getMaybeMePnUser' | 'getMaybeMeLidUser', () => Wid | null | undefined>>;
  WAWebLidMigrationUtils: { toPn?: (wid: Wid) => Wid | null | undefined };
  /** The page's own table of votes. */
  WAWebPollsVotesSchema: {
    getTable?: () => { equals?: (index: string[], key: string) => Promise<PollVote[] | undefined> };
  };
}

export interface Wid {
  user: string;
  server: string;
  _serialized?: string;
}

/** A message's id. Its text is own property, under a name that changes. */
export interface MsgKey {
  fromMe: boolean;
  remote: Wid;
  id: string;
  self?: string;
  participant?: Wid;
  _serialized?: string;
}

export type MsgKeyClass = new (parts: { fromMe: boolean; remote: Wid; id: string }) => MsgKey;

export interface Msg {
  id: MsgKey;
  /** Epoch seconds. */
  t?: number;
  type?: string;
  body?: string;
  caption?: string;
  ack?: number;
  author?: Wid;
  viewMode?: string;
  quotedMsg?: object;
  quotedStanzaID?: string;
  quotedParticipant?: Wid;
}

/** All reactions to one message. */
export interface Reactions {
  reactions?: Collection<{ aggregateEmoji?: string; senders?: ReactionSender[] }>;
}

interface ReactionSender {
  msgKey?: MsgKey;
  senderUserJid?: Wid | string;
  reactionText?: string;
  /** Epoch milliseconds. */
  timestamp?: number;
}

interface PollVote {
  sender?: Wid | string;
  senderTimestampMs?: number;
  selectedOptionLocalIds?: ArrayBuffer | Iterable<number>;
}

export interface Contact {
  id: Wid;
  name?: string;
  verifiedName?: string;
  pushname?: string;
  phoneNumber?: Wid;
}

export interface Collection<M> {
  get?(id: unknown): M | undefined;
  find?(id: unknown): Promise<M | undefined>;
  getModelsArray?(): M[];
  on?(event: string, listener: (model: M, ...rest: unknown[]) => void): void;
}

export type MsgCollection = Collection<Msg>;

export interface Chat {
  id: Wid;
  /** Epoch seconds of the newest message. */
  t?: number;
  unreadCount?: number;
  msgs?: Collection<Msg>;
}
