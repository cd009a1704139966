import { MsgKey } from '../ids.ts';
import { MsgModel, type ChatModel } from '../models.ts';
import type { Modules } from '../registry.ts';
import type { MarkSeen } from '../seen.ts';
import { ServerStatusCodeError } from '../wire-client.ts';
import type { ModuleContext } from './module-context.ts';

/** As WhatsApp has it; the server says no after that. */
const editWindowSeconds = 15 * 60;

type Sent = Awaited<ReturnType<ModuleContext['outbox']['send']>['sent']>;

export function messageModules({ app, outbox, markSeen }: ModuleContext & { markSeen: MarkSeen }): Modules {
  const { wire, collections, cmd } = app;

  function addAndSendMsgToChat(
    chat: ChatModel,
    attributes: ConstructorParameters<typeof MsgModel>[0],
  ): [Promise<MsgModel>, Promise<Sent>] {
    const message = new MsgModel(attributes);
    // Whoever listens hears of it before it is stored, and before the chat has it.
    collections.Msg.add(message);
    // Whoever writes has read, whatever was asked for.
    void markSeen(chat);
    const { stored, sent } = outbox.send(chat, message);
    return [stored.then(() => place(chat, message)), sent];
  }

  /** A failure of the server's isn't thrown: the message says so. */
  async function sendMessageEdit(message: MsgModel, text: string, options: object): Promise<void> {
    if (typeof options !== 'object') throw new TypeError('sendMessageEdit: the options are no object');
    if (!canEdit(message)) throw new Error('Cannot edit message');
    await outbox.sent(message);
    try {
      await wire.request('edit', { key: message.id.toString(), text: text.trim() });
    } catch (error) {
      if (!(error instanceof ServerStatusCodeError)) throw error;
      message.set({ isSendFailure: true });
    }
  }

  async function forwardMessages({ chat, msgs }: { chat: ChatModel; msgs: MsgModel[] }): Promise<void> {
    const from = app.identity.mePn();
    if (from === undefined) throw new Error('This device is not linked.');
    for (const original of msgs) {
      const id = new MsgKey({ fromMe: true, remote: chat.id, id: await MsgKey.newId() });
      const { directPath, mimetype, filename, size, filehash, encFilehash, mediaKey, type, body, caption } = original;
      const media = { directPath, mimetype, filename, size, filehash, encFilehash, mediaKey };
      const [, sent] = addAndSendMsgToChat(chat, {
        id,
        type,
        body,
        caption,
        ...(directPath === undefined ? {} : media),
        from,
        to: chat.id,
        self: 'out',
        t: Math.floor(Date.now() / 1000),
        isNewMsg: true,
        isForwarded: true,
      });
      await sent;
    }
  }

  async function forEach(list: MsgModel[], work: (key: string) => Promise<unknown>): Promise<void> {
    for (const message of list) {
      await outbox.sent(message);
      await work(message.id.toString());
    }
  }

  type Selection = MsgModel[] | { list: MsgModel[] };
  const listOf = (selection: Selection) => (Array.isArray(selection) ? selection : selection.list);
  // These two only say what is wanted: the screen does it, and nobody is told how it went.
  cmd.sendRevokeMsgs = (chat: ChatModel, selection: Selection) => void cmd.trigger('send_revoke_msgs', chat, selection);
  cmd.sendDeleteMsgs = (chat: ChatModel, selection: Selection) => void cmd.trigger('send_delete_msgs', chat, selection);
  cmd.on('send_revoke_msgs', (_chat, selection) => {
    void forEach(listOf(Object(selection)), (key) => wire.request('revoke', { key }));
  });
  cmd.on('send_delete_msgs', (_chat, selection) => {
    void forEach(listOf(Object(selection)), (key) => wire.request('delete', { key }));
  });
  cmd.sendStarMsgs = (_chat: ChatModel, selection: Selection) =>
    forEach(listOf(selection), (key) => wire.request('star', { key, starred: true }));
  cmd.sendUnstarMsgs = (_chat: ChatModel, selection: Selection) =>
    forEach(listOf(selection), (key) => wire.request('star', { key, starred: false }));

  return {
    WAWebSendMsgChatAction: { addAndSendMsgToChat },
    WAWebSendMessageEditAction: { sendMessageEdit },
    WAWebSendReactionMsgAction: {
      async sendReactionToMsg(message: MsgModel, emoji: string): Promise<void> {
        await outbox.sent(message);
        await wire.request('react', { key: message.id.toString(), emoji });
      },
    },
    WAWebChatForwardMessage: { forwardMessages },
    WAWebMsgReply: { canReplyMsg: (message: MsgModel) => message.type !== 'revoked' && !message.isNotification },
    WAWebQuotedMsgModelUtils: { getQuotedMsgObj: (message: MsgModel) => quotedMessage(message) },
    WAWebMsgActionCapability: {
      canSenderRevokeMsg: (message: MsgModel) => message.id.fromMe && message.type !== 'revoked',
      canAdminRevokeMsg: () => false,
      canEditText: (message: MsgModel) => canEdit(message) && message.type === 'chat',
      canEditCaption: (message: MsgModel) => canEdit(message) && message.directPath !== undefined,
      canStarMsg: () => true,
    },
    WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
    WAWebMsgDataFromModel: { msgDataFromMsgModel: (message: MsgModel) => message.serialize() },
    WAWebLinkPreviewChatAction: { getLinkPreview: (link: Link) => Promise.resolve({ data: previewOf(link) }) },
    WAWebApiMessageInfoStore: { queryMsgInfo: (key: MsgKey) => Promise.resolve(messageInfo(key)) },
  };

  function messageInfo(key: MsgKey) {
    const ack = collections.Msg.get(key)?.ack ?? 0;
    const seen = (needed: number) => (ack >= needed ? [{ id: key.remote, t: Math.floor(Date.now() / 1000) }] : []);
    return {
      delivery: seen(2),
      deliveryRemaining: ack >= 2 ? 0 : 1,
      read: seen(3),
      readRemaining: ack >= 3 ? 0 : 1,
      played: seen(4),
      playedRemaining: ack >= 4 ? 0 : 1,
    };
  }

  function quotedMessage(message: MsgModel): MsgModel {
    const { quotedStanzaID, quotedParticipant, quotedMsg } = message;
    const { remote } = message.id;
    const fromMe = quotedParticipant !== undefined && app.identity.isMe(quotedParticipant);
    const id = new MsgKey({ fromMe, remote, id: quotedStanzaID ?? '' });
    const known = collections.Msg.get(id);
    if (known !== undefined) return known;
    const from = quotedParticipant ?? remote;
    return new MsgModel({ id, type: quotedMsg?.type ?? 'chat', body: quotedMsg?.body, from, to: remote, t: message.t });
  }
}

function place(chat: ChatModel, message: MsgModel): MsgModel {
  chat.msgs.add(message, { silent: true });
  chat.assign({ lastReceivedKey: message.id });
  chat.set({ t: message.t });
  return message;
}

export interface Link {
  href: string;
  value: string;
}

/** What the link itself tells: its own server, which has title and picture, isn't reached from this world. */
export function previewOf({ href, value }: Link): { title: string; matchedText: string; canonicalUrl: string } {
  return { title: new URL(href).hostname, matchedText: value, canonicalUrl: href };
}

function canEdit(message: MsgModel): boolean {
  const recent = Date.now() / 1000 - message.t < editWindowSeconds;
  return message.id.fromMe && recent && message.type !== 'revoked';
}
