import { WhatsAppRefusal } from './errors.ts';
import type { ChatSettings, MessageRow } from './mailboxes.ts';
import type { WorldParts } from './parts.ts';
import { newMessageId } from './message-ids.ts';
import type { Addressing } from './types.ts';

interface MessageRef {
  phone: string;
  peer: string;
  id: string;
}

export interface Amendments {
  /** @throws WhatsAppRefusal not-found, or conflict where it isn't the phone's own message */
  edit(ref: MessageRef, text: string): void;
  /**
   * Deletes for everyone: a tombstone with an id of its own takes the message's place.
   * @throws WhatsAppRefusal not-found, conflict
   */
  revoke(ref: MessageRef): void;
  /** An empty emoji takes the reaction back. @throws WhatsAppRefusal not-found */
  react(ref: MessageRef, emoji: string): void;
  /** Its linked devices can decrypt the message at last. @throws WhatsAppRefusal not-found, conflict */
  unseal(ref: MessageRef): void;
  /** Options by their texts; none takes the vote back. @throws WhatsAppRefusal not-found, invalid */
  vote(ref: MessageRef, options: string[]): void;
  /** Deletes this phone's copy only. */
  remove(ref: MessageRef): void;
  star(ref: MessageRef, starred: boolean): void;
  changeChat(phone: string, peer: string, settings: ChatSettings): void;
  clearChat(phone: string, peer: string): void;
  deleteChat(phone: string, peer: string): void;
  /** From now on the phone's linked devices know the peer by its hidden id. */
  /** @throws WhatsAppRefusal not-found */
  changeId(phone: string, peer: string, to: Addressing): void;
}

/** WhatsApp lets a message be edited for a quarter of an hour. */
const editWindowSeconds = 15 * 60;

export function createAmendments(parts: WorldParts): Amendments {
  const { mailboxes, notes, views, events, db, now } = parts;

  function find({ phone, peer, id }: MessageRef): MessageRow {
    const row = mailboxes.message(phone, peer, id);
    if (row === undefined) throw new WhatsAppRefusal('not-found', `${phone} has no message ${id} in that chat.`);
    return row;
  }

  function findOwn(ref: MessageRef, what: string): MessageRow {
    const row = find(ref);
    if (row.from_me !== 1) throw new WhatsAppRefusal('conflict', `Only its sender can ${what} a message.`);
    if (row.type === 'revoked') throw new WhatsAppRefusal('conflict', 'The message was deleted.');
    return row;
  }

  function edit(ref: MessageRef, text: string): void {
    const own = findOwn(ref, 'edit');
    if (now() / 1000 - own.t > editWindowSeconds) {
      throw new WhatsAppRefusal('conflict', 'A message can be edited for 15 minutes only.');
    }
    const at = now();
    db.transaction(() => {
      for (const copy of mailboxes.copies(own.id)) {
        mailboxes.update(copy.seq, { text, edited_at: at });
        notes.post(copy.phone, { type: 'edit', key: views.key(copy), text, at });
        events.record({ kind: 'edit', phone: copy.phone, data: { peer: copy.peer, id: copy.id, text } });
      }
    });
  }

  function revoke(ref: MessageRef): void {
    const own = findOwn(ref, 'delete');
    const id = newMessageId();
    db.transaction(() => {
      for (const copy of mailboxes.copies(own.id)) {
        const key = views.key(copy);
        mailboxes.keepRevoked(copy);
        const tombstone = {
          id,
          type: 'revoked',
          text: '',
          media: null,
          extra: JSON.stringify({ subtype: 'sender', protocolMessageKey: { $key: key } }),
        };
        mailboxes.update(copy.seq, tombstone);
        mailboxes.unseal(copy);
        notes.post(copy.phone, { type: 'revoke', key, message: views.wireMessage({ ...copy, ...tombstone }) });
        events.record({ kind: 'revoke', phone: copy.phone, data: { peer: copy.peer, id: copy.id, tombstone: id } });
      }
    });
  }

  function react(ref: MessageRef, emoji: string): void {
    const row = find(ref);
    const reaction = { author: ref.phone, emoji, at: now() };
    db.transaction(() => {
      for (const copy of mailboxes.copies(row.id)) {
        mailboxes.react(copy, reaction);
        notes.post(copy.phone, { type: 'reaction', reaction: views.wireReaction(copy, reaction) });
        const data = { peer: copy.peer, id: copy.id, author: ref.phone, emoji };
        events.record({ kind: 'reaction', phone: copy.phone, data });
      }
    });
  }

  function unseal(ref: MessageRef): void {
    const row = find(ref);
    if (mailboxes.sealed(row) === undefined) {
      throw new WhatsAppRefusal('conflict', 'Linked devices can read this message already.');
    }
    db.transaction(() => {
      mailboxes.unseal(row);
      replace(row, views.key(row));
    });
  }

  /** Linked devices have the message under `key` so far. */
  function replace(row: MessageRow, key: string): void {
    const chat = mailboxes.chat(row.phone, row.peer);
    if (chat === undefined) return;
    notes.post(row.phone, { type: 'replace', key, message: views.wireMessage(row), chat: views.bareChat(chat) });
    events.record({ kind: 'message', phone: row.phone, data: { peer: row.peer, message: views.message(row) } });
  }

  function vote(ref: MessageRef, options: string[]): void {
    const poll = find(ref);
    const known = views.pollOptions(poll);
    const chosen = options.map((option) => known.indexOf(option));
    if (known.length === 0 || chosen.includes(-1)) {
      throw new WhatsAppRefusal('invalid', `The poll has no such option. Its options: ${known.join(', ')}`);
    }
    const cast = { author: ref.phone, options: JSON.stringify(chosen), at: now() };
    db.transaction(() => {
      mailboxes.vote(poll.id, cast);
      for (const copy of mailboxes.copies(poll.id)) {
        notes.post(copy.phone, { type: 'vote', vote: views.wireVote(copy, cast) });
        const data = { peer: copy.peer, id: copy.id, author: ref.phone, options };
        events.record({ kind: 'vote', phone: copy.phone, data });
      }
    });
  }

  function remove(ref: MessageRef): void {
    const row = find(ref);
    db.transaction(() => {
      mailboxes.remove(row.seq);
      notes.post(row.phone, { type: 'delete', key: views.key(row) });
      events.record({ kind: 'chat-changed', phone: row.phone, data: { peer: row.peer, removed: row.id } });
    });
  }

  function star(ref: MessageRef, starred: boolean): void {
    const row = find(ref);
    db.transaction(() => {
      mailboxes.update(row.seq, { starred: starred ? 1 : 0 });
      notes.post(row.phone, { type: 'star', key: views.key(row), starred });
    });
  }

  function changeChat(phone: string, peer: string, settings: ChatSettings): void {
    db.transaction(() => {
      mailboxes.changeChat(phone, peer, settings);
      const chat = mailboxes.chat(phone, peer);
      if (chat !== undefined) notes.post(phone, { type: 'chat', chat: views.wireChat(chat) });
      events.record({ kind: 'chat-changed', phone, data: { peer, ...settings } });
    });
  }

  function clearChat(phone: string, peer: string): void {
    db.transaction(() => {
      mailboxes.clearChat(phone, peer);
      notes.post(phone, { type: 'chat-cleared', chat: views.idOf(phone, peer) });
      events.record({ kind: 'chat-changed', phone, data: { peer, cleared: true } });
    });
  }

  function deleteChat(phone: string, peer: string): void {
    db.transaction(() => {
      const chat = views.idOf(phone, peer);
      mailboxes.deleteChat(phone, peer);
      notes.post(phone, { type: 'chat-removed', chat });
      events.record({ kind: 'chat-changed', phone, data: { peer, deleted: true } });
    });
  }

  function changeId(phone: string, peer: string, to: Addressing): void {
    const chat = mailboxes.chat(phone, peer);
    if (chat === undefined || chat.kind !== 'user') {
      throw new WhatsAppRefusal('not-found', `${phone} has no chat with ${peer}.`);
    }
    db.transaction(() => {
      const from = views.idOf(phone, peer);
      mailboxes.changeChat(phone, peer, { addressing: to });
      const contact = views.wireContact(phone, peer);
      if (contact !== null) notes.post(phone, { type: 'chat-id', from, to: contact.id, contact });
      events.record({ kind: 'chat-changed', phone, data: { peer, addressing: to } });
    });
  }

  return { edit, revoke, react, unseal, vote, remove, star, changeChat, clearChat, deleteChat, changeId };
}
