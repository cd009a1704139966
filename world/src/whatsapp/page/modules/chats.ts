import { idText, wid, type Wid } from '../ids.ts';
import type { ChatModel, MsgModel } from '../models.ts';
import type { Modules } from '../registry.ts';
import type { MarkSeen } from '../seen.ts';
import type { ModuleContext } from './module-context.ts';

const historyPage = 50;

/** The real page waits up to two minutes between them. Milliseconds. */
const pausesMs = [250, 500, 1000];

/** Undefined when no try has succeeded. */
async function withRetries<T>(ask: () => Promise<T>): Promise<T | undefined> {
  for (const pauseMs of [...pausesMs, undefined]) {
    try {
      return await ask();
    } catch {
      if (pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  return undefined;
}

export function chatModules({ app, inbox, markSeen }: ModuleContext & { markSeen: MarkSeen }): Modules {
  const { wire, collections, identity, cmd } = app;

  async function findOrCreateLatestChat(id: Wid): Promise<{ chat: ChatModel; created: boolean }> {
    const wanted = wid(id);
    const known = chatWith(wanted) ?? collections.Chat.get(wanted);
    if (known !== undefined) return { chat: known, created: false };
    // Whoever asks for the status of others gets it, as of a chat.
    if (wanted.isStatus())
      return { chat: inbox.openChat(wanted, { title: 'Status', kind: 'status', t: 0 }), created: true };
    if (!wanted.isUser()) throw new Error(`Chat not found: ${wanted.toString()}`);
    // The real page opens a chat only with somebody whose hidden id it knows.
    if (app.requireLidLookup && identity.alternate(wanted) === undefined) throw new Error('No LID for user');
    const { contact } = await wire.request('exists', { id: wanted.toString() });
    if (contact === null) throw new Error('No LID for user');
    const model = inbox.contact(contact);
    const title = model.name ?? contact.pushname;
    // Another chat may be with the same person, now that the hidden id is known.
    const same = chatWith(wid(contact.lid));
    if (same !== undefined) return { chat: same, created: false };
    const chatId = wid(app.opensChatsByHiddenId && !identity.isMe(wanted) ? contact.lid : contact.id);
    return { chat: inbox.openChat(chatId, { title, kind: 'user', t: 0 }), created: true };
  }

  /** @throws Error where two chats are with one person */
  function chatWith(id: Wid): ChatModel | undefined {
    const lid = id.isLid() ? id : identity.toLid(id);
    if (lid === undefined) return collections.Chat.get(identity.alternate(id) ?? id);
    const chats = collections.Chat.filter((chat) => lid.equals(chat.accountLid));
    if (chats.length > 1) throw new Error('Several chats have the same account lid');
    return chats[0];
  }

  async function loadEarlierMsgs({ chat }: { chat: ChatModel }): Promise<MsgModel[] | undefined> {
    await chat.waitForChatLoading();
    return loadEarlier(chat);
  }

  /** Undefined once there is nothing older; an empty list for "nothing now", which is never thrown. */
  async function loadEarlier(chat: ChatModel): Promise<MsgModel[] | undefined> {
    if (chat.complete === true) return undefined;
    const oldest = chat.msgs.first();
    const before = oldest === undefined ? null : { t: oldest.t, seq: oldest.rowId };
    const question = { chat: chat.id.toString(), before, limit: historyPage };
    const answer = await withRetries(() => wire.request('history', question));
    if (answer === undefined) return [];
    const { messages } = answer;
    if (messages.length < historyPage) chat.complete = true;
    return messages.length === 0 ? undefined : messages.map((message) => inbox.message(message, false));
  }

  async function sendSeen({ chat }: { chat: ChatModel }): Promise<void> {
    await markSeen(chat);
  }

  function chatState(state: 'composing' | 'recording' | 'paused') {
    return (id: unknown) => wire.request('chat-state', { chat: idText(id), state });
  }

  cmd.archiveChat = (chat: ChatModel, archived: boolean) =>
    wire.request('chat-settings', { chat: chat.id.toString(), archived });
  cmd.pinChat = (chat: ChatModel, pinned: boolean) =>
    wire.request('chat-settings', { chat: chat.id.toString(), pinned });
  cmd.markChatUnread = (chat: ChatModel) => wire.request('mark-unread', { chat: chat.id.toString() });

  collections.Chat.find = async (id) => collections.Chat.get(id) ?? (await findOrCreateLatestChat(wid(id))).chat;

  return {
    WAWebFindChatAction: { findOrCreateLatestChat },
    WAWebChatLoadMessages: { loadEarlierMsgs },
    WAWebUpdateUnreadChatAction: { sendSeen },
    WAWebChatGetters: {
      getIsNewsletter: (chat: ChatModel) => chat.id.isNewsletter(),
      getIsBroadcast: (chat: ChatModel) => chat.id.isBroadcast(),
    },
    WAWebChatStateBridge: {
      sendChatStateComposing: chatState('composing'),
      sendChatStateRecording: chatState('recording'),
      sendChatStatePaused: chatState('paused'),
    },
    WAWebChatClearBridge: {
      sendClear: (chat: ChatModel) => wire.request('clear-chat', { chat: chat.id.toString() }),
    },
    WAWebDeleteChatAction: {
      sendDelete: (chat: ChatModel) => wire.request('delete-chat', { chat: chat.id.toString() }),
    },
    WAWebSendNonMessageDataRequest: { sendPeerDataOperationRequest: () => Promise.resolve() },
  };
}
