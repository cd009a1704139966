import type { Ack, MessageType } from '../types.ts';
import { Collection } from './collection.ts';
import { wid, type MsgKey, type Wid } from './ids.ts';
import { Model, modelWith } from './model.ts';

/** Attributes carry WhatsApp's own names: the library and its users read them. */
export interface MsgAttributes {
  id: MsgKey;
  /** Order of storage in the world: breaks ties within one second. */
  rowId: number;
  type: MessageType;
  body: string | undefined;
  caption?: string | undefined;
  /** Unix time, seconds. */
  t: number;
  from: Wid;
  to: Wid;
  author?: Wid | undefined;
  notifyName?: string | undefined;
  self: 'in' | 'out';
  ack: Ack;
  isNewMsg: boolean;
  star: boolean;
  broadcast: boolean;
  isStatusV3: boolean;
  isEphemeral: boolean;
  isForwarded: boolean;
  hasReaction: boolean;
  mentionedJidList: unknown[];
  groupMentions: unknown[];
  links?: unknown[];
  directPath?: string | undefined;
  mediaKey?: string | undefined;
  filehash?: string | undefined;
  encFilehash?: string | undefined;
  mimetype?: string | undefined;
  filename?: string | undefined;
  size?: number | undefined;
  quotedMsg?: QuotedMsg | undefined;
  quotedStanzaID?: string | undefined;
  quotedParticipant?: Wid | undefined;
  latestEditSenderTimestampMs?: number | undefined;
  latestEditMsgKey?: MsgKey | undefined;
  subtype?: string | undefined;
  /** Of what is left of a deleted message: the id that it had. */
  protocolMessageKey?: MsgKey | undefined;
  /** Without it a message whose tick is -1 or 0 may still leave. */
  isSendFailure?: boolean | undefined;
  errorCode?: number | undefined;
}

/** As much of a message as an answer to it carries; with what its type has besides. */
interface QuotedMsg {
  type: MessageType;
  body?: string | undefined;
  caption?: string | undefined;
  mimetype?: string | undefined;
  filename?: string | undefined;
}

export type MediaStage = 'INIT' | 'FETCHING' | 'RESOLVED' | 'REUPLOADING' | 'ERROR_MISSING' | 'ERROR_UNKNOWN';

const messageDefaults = {
  rowId: Number.MAX_SAFE_INTEGER,
  ack: 0 as Ack,
  isNewMsg: false,
  star: false,
  broadcast: false,
  isStatusV3: false,
  isEphemeral: false,
  isForwarded: false,
  hasReaction: false,
  isFromTemplate: false,
  viewMode: 'VISIBLE',
  mentionedJidList: [] as unknown[],
  groupMentions: [] as unknown[],
};

const notificationTypes = new Set(['gp2', 'e2e_notification', 'notification_template']);

export class MsgModel extends modelWith<MsgAttributes>() {
  /** Set by the page's media module, which every message with a file needs. */
  static resolveMedia: (message: MsgModel) => Promise<MediaStage> = () => Promise.resolve('ERROR_UNKNOWN');

  /** What the constructor makes of a missing id depends on the page's build. */
  static checkId: (id: unknown) => void = () => {};

  constructor(attributes: Partial<MsgAttributes> & { id: MsgKey }) {
    super({ ...messageDefaults, ...attributes });
    MsgModel.checkId(this.id);
    if (attributes.directPath !== undefined) this.holdMedia();
  }

  /** From now on there is a file to be fetched. */
  holdMedia(): void {
    if (this.mediaData !== undefined) return;
    const mediaData: { mediaStage: MediaStage } = { mediaStage: 'INIT' };
    // Not attributes: the library serializes a message without them.
    Object.defineProperties(this, {
      mediaData: { value: mediaData, writable: true },
      mediaObject: { value: {}, writable: true },
    });
  }

  declare mediaData?: { mediaStage: MediaStage };

  get isNotification(): boolean {
    return notificationTypes.has(this.type);
  }

  /** What an answer carries of the message that it quotes. */
  msgContextInfo(): Pick<MsgAttributes, 'quotedMsg' | 'quotedStanzaID' | 'quotedParticipant'> {
    return {
      quotedStanzaID: this.id.id,
      quotedMsg: { type: this.type, body: this.caption ?? this.body ?? '' },
      quotedParticipant: this.author ?? this.from,
    };
  }

  updateAck(ack: Ack): void {
    if (ack > this.ack) this.set({ ack });
  }

  async downloadMedia(): Promise<void> {
    if (this.mediaData === undefined) return;
    this.mediaData.mediaStage = 'FETCHING';
    this.mediaData.mediaStage = await MsgModel.resolveMedia(this);
  }
}

export class MuteModel extends Model {
  declare expiration: number;
  readonly #change: (expiration: number) => Promise<void>;

  constructor(expiration: number, change: (expiration: number) => Promise<void>) {
    super({ expiration });
    this.#change = change;
  }

  mute({ expiration }: { expiration: number }): Promise<void> {
    return this.#change(expiration);
  }

  unmute(): Promise<void> {
    return this.#change(0);
  }
}

export interface GroupMetadataAttributes {
  id: Wid;
  owner: Wid;
  /** Unix time, seconds. */
  creation: number;
  desc: string;
  subject: string;
  announce: boolean;
  restrict: boolean;
  participants: { id: Wid; isAdmin: boolean; isSuperAdmin: boolean }[];
}
export class GroupMetadataModel extends modelWith<GroupMetadataAttributes>() {}

export interface ChatAttributes {
  id: Wid;
  formattedTitle: string;
  name: string;
  /** Unix time, seconds. */
  t: number;
  unreadCount: number;
  archive: boolean;
  /** Unix time, seconds; 0 when not pinned. */
  pin: number;
  muteExpiration: number;
  isLocked: boolean;
  isReadOnly: boolean;
  lastReceivedKey?: MsgKey | undefined;
  /** `…@c.us` */
  changeNumberOldJid?: string | undefined;
  changeNumberNewJid?: string | undefined;
  /** By which WhatsApp knows that the other has written here. */
  tcToken?: Uint8Array | undefined;
  /** Hidden id of the person, as far as the page knows it. */
  accountLid?: Wid | undefined;
}

export class ChatModel extends modelWith<ChatAttributes>() {
  static readonly sessionNames = new Set(['formattedTitle']);
  /** All of them, each time that a chat becomes JSON. */
  static readonly childNames = ['msgs'];
  declare msgs: Collection<MsgModel>;
  declare mute: MuteModel;
  declare groupMetadata?: GroupMetadataModel;
  /** Everything older is here already. */
  declare complete?: boolean;

  constructor(attributes: ChatAttributes, changeMute: (expiration: number) => Promise<void>) {
    super(attributes);
    Object.defineProperties(this, {
      msgs: { value: new Collection<MsgModel>({ compare: byTime }) },
      mute: { value: new MuteModel(attributes.muteExpiration, changeMute) },
      groupMetadata: { value: undefined, writable: true },
      complete: { value: false, writable: true },
    });
  }

  /** Set by what restricts the account. */
  static isForbidden: (chat: ChatModel) => boolean = () => false;

  /** Not an attribute: it lasts as long as the page. */
  get canSend(): boolean {
    return !this.isReadOnly && !ChatModel.isForbidden(this);
  }

  getTcToken(): Uint8Array | undefined {
    return this.tcToken;
  }

  /** There is nothing to wait for: this page loads no chat by itself. */
  waitForChatLoading(): Promise<void> {
    return Promise.resolve();
  }
}

function byTime(a: MsgModel, b: MsgModel): number {
  return a.t - b.t || a.rowId - b.rowId;
}

export interface ContactAttributes {
  id: Wid;
  phoneNumber: Wid | undefined;
  username: string | undefined;
  /** As saved in the address book. */
  name: string | undefined;
  shortName: string | undefined;
  pushname: string;
  type: 'in' | 'out';
  isBusiness: boolean;
  isContactBlocked: boolean;
}
export class ContactModel extends modelWith<ContactAttributes>() {
  constructor(attributes: Partial<ContactAttributes> & { id: unknown }) {
    super({
      type: 'in',
      isBusiness: false,
      isContactBlocked: false,
      pushname: '',
      ...attributes,
      id: wid(attributes.id),
    });
  }
}

export class AggReactionsCollection extends Collection<PlainModel> {}

export class ReactionsModel extends Model {
  declare id: string;
  declare reactions: Collection<PlainModel>;

  /** Classes of the collections that each of them has, by name. */
  get _collections(): { reactions: typeof AggReactionsCollection } {
    return { reactions: AggReactionsCollection };
  }
}

export class PlainModel extends Model {
  declare id: unknown;
}
