import type { WireChat, WireContact, WireMessage, WireQuote, WireReaction } from '../wire.ts';
import type { ChatKind } from '../types.ts';
import type { App } from './app.ts';
import { reviveAttributes } from './attributes.ts';
import { MsgKey, wid, type Wid } from './ids.ts';
import {
  AggReactionsCollection,
  ChatModel,
  ContactModel,
  GroupMetadataModel,
  MsgModel,
  PlainModel,
  ReactionsModel,
  type MsgAttributes,
} from './models.ts';

/** Turns what comes over the wire into the page's models. */
export interface Inbox {
  chat(wire: WireChat): ChatModel;
  openChat(id: Wid, options: { title: string; kind: ChatKind; t: number }): ChatModel;
  contact(wire: WireContact): ContactModel;
  /** `announce`: as new, with an event; otherwise as history. */
  message(wire: WireMessage, announce: boolean): MsgModel;
  /** The message that is known by `key` turns into this one, in place. Undefined where this page doesn't have it. */
  replace(key: string, wire: WireMessage): MsgModel | undefined;
  /** Deleted for everyone: what is left goes by an id of its own. */
  revoke(key: string, wire: WireMessage): void;
  /** As the page's database has it. */
  dataOf(wire: WireMessage): object;
  reaction(wire: WireReaction): { aggregated: ReactionsModel; key: MsgKey };
}

export function createInbox(app: App): Inbox {
  const { collections, identity, wire: client } = app;

  function openChat(id: Wid, { title, kind, t }: { title: string; kind: ChatKind; t: number }): ChatModel {
    const collection = kind === 'newsletter' ? collections.Newsletter : collections.Chat;
    const known = collection.get(id);
    if (known !== undefined) return known;
    const attributes = {
      id,
      formattedTitle: title,
      name: title,
      t,
      unreadCount: 0,
      archive: false,
      pin: 0,
      muteExpiration: 0,
      isLocked: false,
      isReadOnly: kind === 'newsletter',
      accountLid: id.isLid() ? id : identity.toLid(id),
    };
    const model = new ChatModel(attributes, async (muteExpiration) => {
      await client.request('chat-settings', { chat: model.id.toString(), muteExpiration });
      model.mute.set({ expiration: muteExpiration });
      model.set({ muteExpiration });
    });
    return collection.add(model);
  }

  function chat(wire: WireChat): ChatModel {
    const model = openChat(wid(wire.id), wire);
    model.set({
      formattedTitle: wire.title,
      name: wire.title,
      t: wire.t,
      unreadCount: wire.unread,
      archive: wire.archived,
      pin: wire.pinned ? model.pin || wire.t || 1 : 0,
      muteExpiration: wire.muteExpiration,
      changeNumberOldJid: wire.changeNumberOldJid ?? undefined,
      changeNumberNewJid: wire.changeNumberNewJid ?? undefined,
      ...(wire.hasToken && model.tcToken === undefined && { tcToken: crypto.getRandomValues(new Uint8Array(16)) }),
    });
    model.mute.set({ expiration: wire.muteExpiration });
    if (wire.group !== null && model.groupMetadata === undefined) {
      const { owner, createdAt, participants } = wire.group;
      model.groupMetadata = new GroupMetadataModel({
        id: model.id,
        owner: wid(owner),
        creation: createdAt,
        subject: wire.title,
        desc: '',
        announce: false,
        restrict: false,
        participants: participants.map((id) => ({ id: wid(id), isAdmin: id === owner, isSuperAdmin: id === owner })),
      });
      collections.GroupMetadata.add(model.groupMetadata);
    }
    if (wire.lastMessage !== null) message(wire.lastMessage, false);
    return model;
  }

  function contact(wire: WireContact): ContactModel {
    identity.learn(wire);
    const attributes = {
      id: wid(wire.id),
      phoneNumber: wire.pn === null ? undefined : wid(wire.pn),
      username: wire.username ?? undefined,
      name: wire.name ?? undefined,
      shortName: wire.name?.split(' ')[0],
      pushname: wire.pushname,
      isBusiness: wire.business,
      isContactBlocked: wire.blocked,
    };
    if (wire.blocked) collections.Blocklist.add(new PlainModel({ id: attributes.id }));
    else collections.Blocklist.remove(attributes.id);
    const known = collections.Contact.get(wire.id);
    if (known === undefined) return collections.Contact.add(new ContactModel(attributes));
    return known.set(attributes);
  }

  function message(wire: WireMessage, announce: boolean): MsgModel {
    const known = collections.Msg.get(wire.key);
    if (known !== undefined) return refresh(known, wire);
    const model = new MsgModel({ ...attributesOf(wire), isNewMsg: announce });
    const { remote } = model.id;
    if (!remote.isStatus()) {
      const holder = collections.Chat.get(currentId(remote)) ?? collections.Newsletter.get(remote);
      if (holder !== undefined) place(holder, model);
    }
    for (const reactionWire of wire.reactions) reaction(reactionWire);
    return collections.Msg.add(model);
  }

  function replace(key: string, wire: WireMessage): MsgModel | undefined {
    const model = collections.Msg.get(key);
    if (model === undefined) return undefined;
    const attributes = attributesOf(wire);
    if (attributes.directPath !== undefined) model.holdMedia();
    // The same people as before: objects that only look different are no change.
    const { id: _id, from: _from, to: _to, author: _author, self: _self, isNewMsg: _isNewMsg, ...changes } = attributes;
    return model.set(changes);
  }

  /** In two steps, as WhatsApp's page: first under the new id with the old words, then without them. */
  function revoke(key: string, wire: WireMessage): void {
    const model = collections.Msg.get(key);
    if (model === undefined) return;
    const attributes = attributesOf(wire);
    model.assign({ id: attributes.id });
    collections.Msg.rename(model, key);
    for (const chat of collections.Chat.getModelsArray()) {
      if (chat.msgs.get(key) !== model) continue;
      chat.msgs.rename(model, key);
      if (chat.lastReceivedKey?.equals(key) === true) chat.assign({ lastReceivedKey: model.id });
    }
    model.set({ protocolMessageKey: attributes.protocolMessageKey, subtype: attributes.subtype });
    model.set({ type: 'revoked', body: '', caption: undefined, directPath: undefined });
  }

  /** A chat's id may have changed since the message was stored. */
  function currentId(remote: Wid): Wid {
    if (collections.Chat.get(remote) !== undefined) return remote;
    return identity.alternate(remote) ?? remote;
  }

  function reaction(wire: WireReaction): { aggregated: ReactionsModel; key: MsgKey } {
    const parent = MsgKey.fromString(wire.parent);
    const aggregated =
      collections.Reactions.get(wire.parent) ??
      collections.Reactions.add(new ReactionsModel({ id: wire.parent, reactions: new AggReactionsCollection() }));
    const from = aggregated.reactions.getModelsArray();
    for (const group of from) {
      const left = sendersOf(group).filter((sender) => sender.senderUserJid !== wire.author);
      group.assign({ senders: left, hasReactionByMe: left.some((sender) => identity.isMe(wid(sender.senderUserJid))) });
      if (left.length === 0) aggregated.reactions.remove(group.id);
    }
    const key = new MsgKey({ fromMe: wire.fromMe, remote: parent.remote, id: `R${parent.id}${wire.at}` });
    if (wire.emoji !== '') {
      const group = aggregated.reactions.add(
        new PlainModel({ id: wire.emoji, aggregateEmoji: wire.emoji, hasReactionByMe: false, senders: [] }),
      );
      const sender = {
        msgKey: key,
        parentMsgKey: parent,
        senderUserJid: wire.author,
        reactionText: wire.emoji,
        timestamp: wire.at,
        orphan: 0,
        read: true,
        ack: 1,
      };
      group.assign({ senders: [...sendersOf(group), sender], hasReactionByMe: wire.fromMe });
    }
    collections.Msg.get(wire.parent)?.assign({ hasReaction: aggregated.reactions.length > 0 });
    return { aggregated, key };
  }

  return { chat, openChat, contact, message, replace, revoke, dataOf: attributesOf, reaction };
}

function sendersOf(group: object): { senderUserJid: string }[] {
  return (group as { senders?: { senderUserJid: string }[] }).senders ?? [];
}

function attributesOf(wire: WireMessage): ConstructorParameters<typeof MsgModel>[0] {
  const id = MsgKey.fromString(wire.key);
  const extra = reviveAttributes(wire.extra);
  const base = {
    id,
    rowId: wire.seq,
    type: wire.type,
    t: wire.t,
    from: wid(wire.from),
    to: wid(wire.to),
    ...(wire.author === null ? {} : { author: wid(wire.author) }),
    notifyName: wire.pushname,
    self: id.fromMe ? ('out' as const) : ('in' as const),
    ack: wire.ack,
    star: wire.starred,
    isForwarded: wire.forwarded,
    isStatusV3: id.remote.isStatus(),
    broadcast: id.remote.isBroadcast(),
    hasReaction: wire.reactions.some((reaction) => reaction.emoji !== ''),
    ...(wire.editedAt === null ? {} : { latestEditSenderTimestampMs: wire.editedAt }),
    ...(wire.quote === null
      ? {}
      : {
          quotedMsg: quotedMsgOf(wire.quote),
          quotedStanzaID: wire.quote.id,
          quotedParticipant: wid(wire.quote.participant),
        }),
  };
  if (wire.media === null) return { ...base, body: wire.text, ...extra };
  const { filename, ...media } = wire.media;
  return { ...base, ...media, filename: filename ?? undefined, body: undefined, caption: wire.text, ...extra };
}

function quotedMsgOf({ type, body, mimetype, filename, extra }: WireQuote): MsgAttributes['quotedMsg'] {
  const own = reviveAttributes(extra);
  if (mimetype === null) return { type, body, ...own };
  return { type, caption: body, mimetype, filename: filename ?? undefined, ...own };
}

function place(holder: ChatModel, model: MsgModel): void {
  // Both the chat and the whole page list a message; events come from the page's list alone.
  holder.msgs.add(model, { silent: true });
  const newest = holder.msgs.last();
  if (newest !== undefined) holder.assign({ lastReceivedKey: newest.id });
  if (model.t > holder.t) holder.set({ t: model.t });
}

function refresh(model: MsgModel, wire: WireMessage): MsgModel {
  model.assign({ rowId: wire.seq });
  model.updateAck(wire.ack);
  return model;
}
