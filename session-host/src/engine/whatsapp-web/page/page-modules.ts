/**
 * What is used of WhatsApp's own modules, by their names in its page. Any of it can be gone tomorrow: whoever asks
 * `need` for a module checks each export before use, and so all are optional.
 */
export interface PageModules {
  WAWebMsgKey: MsgKeyClass & { default?: MsgKeyClass };
  WAWebConnModel: { Conn?: object };
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
  /** Asks WhatsApp's servers, and the page notes what they say. */
  WAWebQueryExistsJob: { queryWidExists?: (wid: Wid) => Promise<unknown> };
  WAWebContactGetters: Partial<Record<'getName' | 'getVerifiedName' | 'getPushname', (contact: Contact) => unknown>>;
  WAWebChatStateBridge: { sendChatStateComposing?: (wid: Wid) => Promise<unknown> };
  /** Undefined is the end; an empty list may be nothing for the moment. */
  WAWebChatLoadMessages: { loadEarlierMsgs?: (chat: Chat | { chat: Chat }) => Promise<Msg[] | undefined> };
  WAWebDBMessageFindLocal: Partial<Record<'msgFindByDirection' | 'msgFindBefore', FindMessages>>;
  WAWebUpdateUnreadChatAction: { sendSeen?: (chat: Chat | { chat: Chat }) => Promise<unknown> };
  WAWebStreamModel: { Stream?: Partial<Record<'markAvailable' | 'markUnavailable', () => unknown>> };
  /** Only looked for, under the names by which the library asks for them. */
  WABase64: object;
  WALinkify: object;
  WAWebAdvSignatureApi: object;
  WAWebCompanionRegClientUtils: object;
  WAWebOfflineHandler: object;
  WAWebSignalStoreApi: object;
  WAWebSocketModel: object;
  WAWebUserPrefsInfoStore: object;
  WAWebUserPrefsMultiDevice: object;
  WAWebAddonReactionTableMode: object;
  WAWebAltDeviceLinkingApi: object;
  WAWebChatGetters: object;
  WAWebCmd: object;
  WAWebDownloadManager: object;
  WAWebFindChatAction: object;
  WAWebGetEphemeralFieldsMsgActionsUtils: object;
  WAWebLaunchSocketUtils: object;
  WAWebMediaDataUtils: object;
  WAWebMediaInMemoryBlobCache: object;
  WAWebMediaMmsV4Upload: object;
  WAWebMediaOpaqueData: object;
  WAWebMediaStorage: object;
  WAWebMmsMediaTypes: object;
  WAWebMsgActionCapability: object;
  WAWebPrepRawMedia: object;
  WAWebSendMessageEditAction: object;
  WAWebSendMsgChatAction: object;
  WAWebSendReactionMsgAction: object;
  WAWebUserPrefsIndexedDBStorage: object;
  WAWebLogoutReason: { getErrorCodeFromLogoutReason?: (reason: unknown, ...rest: unknown[]) => unknown };
}

type FindMessages = (query: {
  anchor: MsgKey;
  count: number;
  direction: 'before';
}) => Promise<Msg[] | { messages?: Msg[] } | undefined>;

export interface Wid {
  user: string;
  server: string;
  _serialized?: string;
}

/** A message's id. Its text is own property, under a name that changes. */
interface MsgKey {
  fromMe: boolean;
  remote: Wid;
  id: string;
  self?: string;
  participant?: Wid;
  _serialized?: string;
}

type MsgKeyClass = new (parts: { fromMe: boolean; remote: Wid; id: string }) => MsgKey;

export interface Msg {
  id: MsgKey;
  /** Epoch seconds. */
  t?: number;
  type?: string;
  subtype?: string;
  body?: string;
  caption?: string;
  ack?: number;
  from?: Wid;
  to?: Wid;
  author?: Wid;
  notifyName?: string;
  isNotification?: boolean;
  viewMode?: string;
  quotedMsg?: object;
  quotedStanzaID?: string;
  quotedParticipant?: Wid;
  serialize?(): Record<string, unknown>;
}

/** All reactions to one message. */
interface Reactions {
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
  /** Under which people find somebody whose number they don't know. */
  username?: string;
  phoneNumber?: Wid;
}

interface Collection<M> {
  get?(id: unknown): M | undefined;
  find?(id: unknown): Promise<M | undefined>;
  getModelsArray?(): M[];
  on?: (event: string, listener: (model: M, ...rest: unknown[]) => void) => void;
}

type MsgCollection = Collection<Msg>;

export interface Chat {
  id: Wid;
  /** Epoch seconds of the newest message. */
  t?: number;
  unreadCount?: number;
  name?: string;
  formattedTitle?: string;
  /** Whoever this chat is with has the other number now, or had it before. */
  changeNumberNewJid?: Wid | string | null;
  changeNumberOldJid?: Wid | string | null;
  msgs?: Collection<Msg> & { msgLoadState?: { noEarlierMsgs?: boolean } };
}
