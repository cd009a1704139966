import type { Note } from '../wire.ts';
import type { App } from './app.ts';
import { wid } from './ids.ts';
import type { Inbox } from './inbox.ts';

interface NoteInput {
  app: App;
  inbox: Inbox;
  note: Note;
  /** Stored without a word to anybody. */
  silent: boolean;
  react: (note: Extract<Note, { type: 'reaction' }>, silent: boolean) => void;
  vote: (note: Extract<Note, { type: 'vote' }>) => void;
}

/** Applies one change from the server. Every note may come twice. */
export function applyNote({ app, inbox, note, silent, react, vote }: NoteInput): void {
  const { Msg, Chat } = app.collections;
  switch (note.type) {
    case 'message':
      receiveMessage({ inbox, note, silent });
      break;
    case 'ack':
      Msg.get(note.key)?.updateAck(note.ack);
      break;
    case 'edit': {
      const message = Msg.get(note.key);
      const text = message?.mediaData === undefined ? { body: note.text } : { caption: note.text };
      message?.set({ ...text, latestEditSenderTimestampMs: note.at, latestEditMsgKey: message.id });
      break;
    }
    case 'revoke':
      inbox.revoke(note.key, note.message);
      break;
    case 'delete': {
      const message = Msg.remove(note.key);
      if (message !== undefined) for (const chat of Chat.getModelsArray()) chat.msgs.remove(note.key, { silent: true });
      break;
    }
    case 'reaction':
      react(note, silent);
      break;
    case 'vote':
      if (!silent) vote(note);
      break;
    case 'replace':
      // What this page hasn't got it can ask for later, as it is then.
      inbox.replace(note.key, note.message);
      inbox.chat(note.chat);
      break;
    case 'unread':
      Chat.get(note.chat)?.set({ unreadCount: note.unread });
      break;
    case 'chat':
      inbox.chat(note.chat);
      break;
    case 'chat-removed':
      Chat.remove(note.chat);
      break;
    case 'chat-cleared': {
      const chat = Chat.get(note.chat);
      for (const message of chat?.msgs.getModelsArray() ?? []) Msg.remove(message.id, { silent: true });
      chat?.msgs.reset();
      break;
    }
    case 'chat-id':
      renameChat({ app, inbox, note });
      break;
    case 'contact':
      inbox.contact(note.contact);
      break;
    case 'star':
      Msg.get(note.key)?.set({ star: note.starred });
      break;
  }
}

function receiveMessage({
  inbox,
  note,
  silent,
}: Pick<NoteInput, 'inbox' | 'silent'> & { note: Extract<Note, { type: 'message' }> }): void {
  const { message, contact, chat } = note;
  if (contact !== null) inbox.contact(contact);
  // The message is in its chat before anybody hears of either.
  if (chat.kind !== 'status') inbox.openChat(wid(chat.id), chat);
  inbox.message(message, !silent);
  if (chat.kind !== 'status') inbox.chat(chat);
}

/** The same chat under another of the person's ids. Its messages keep the ids that they were stored with. */
function renameChat({
  app,
  inbox,
  note,
}: Pick<NoteInput, 'app' | 'inbox'> & { note: Extract<Note, { type: 'chat-id' }> }): void {
  inbox.contact(note.contact);
  const chat = app.collections.Chat.get(note.from);
  if (chat === undefined) return;
  chat.assign({ id: wid(note.to) });
  app.collections.Chat.rename(chat, note.from);
}
