import { WhatsAppRefusal } from './errors.ts';
import { newMessageId } from './message-ids.ts';
import type { WorldParts } from './parts.ts';
import type { Phone } from './types.ts';

/** A person keeps the phone and changes the number. */
export interface Renumbering {
  /**
   * From now on the person is there under the new number, whoever had it before. Who had a chat with the old one is
   * told, in both chats.
   * @throws WhatsAppRefusal not-found, conflict
   */
  change(from: string, to: string): Phone;
}

export function createRenumbering(parts: WorldParts): Renumbering {
  const { accounts, mailboxes, rooms, views, notes, events, numberChanges, db, now } = parts;

  function change(from: string, to: string): Phone {
    const before = accounts.get(from);
    if (from === to) throw new WhatsAppRefusal('conflict', `${from} is this number already.`);
    return db.transaction(() => {
      const { name, locale, platform, autoRead, addressing } = before;
      const after = accounts.add({ number: to, name, locale, platform, autoRead, addressing });
      // What is still sent to the old number reaches nobody.
      accounts.change(from, { online: false, autoRead: false });
      for (const room of rooms.list()) if (room.members.includes(from)) rooms.replaceMember(room.id, from, to);
      for (const { number: viewer } of accounts.list()) {
        if (viewer !== from && viewer !== to && mailboxes.chat(viewer, from) !== undefined) tell(viewer, before, after);
      }
      events.record({ kind: 'number-changed', phone: to, data: { from, to } });
      return after;
    });
  }

  /** As WhatsApp's page does it: the new chat names the old number only where it was there before the notice. */
  function tell(viewer: string, before: Phone, after: Phone): void {
    numberChanges.set(viewer, before.number, { new: after.number });
    if (mailboxes.chat(viewer, after.number) !== undefined) {
      numberChanges.set(viewer, after.number, { old: before.number });
    }
    for (const peer of [before.number, after.number]) notice({ viewer, peer, before, after });
  }

  function notice({
    viewer,
    peer,
    before,
    after,
  }: {
    viewer: string;
    peer: string;
    before: Phone;
    after: Phone;
  }): void {
    const t = Math.floor(now() / 1000);
    mailboxes.touchChat({ phone: viewer, peer, addressing: views.addressing(viewer, peer), t, unread: 0 });
    const wids = [before.pn, after.pn, before.lid, after.lid];
    const row = mailboxes.insert({
      phone: viewer,
      peer,
      id: newMessageId(),
      remote: views.idOf(viewer, peer),
      from_me: 0,
      author: null,
      type: 'notification_template',
      text: '',
      t,
      ack: 1,
      on_phone: 1,
      media: null,
      quoted: null,
      forwarded: 0,
      extra: JSON.stringify({ subtype: 'change_number', kind: 'notificationTemplate', templateParams: wids }),
    });
    const chat = mailboxes.chat(viewer, peer);
    if (chat !== undefined) {
      const contact = views.wireContact(viewer, peer);
      notes.post(viewer, { type: 'message', message: views.wireMessage(row), chat: views.bareChat(chat), contact });
    }
    events.record({ kind: 'message', phone: viewer, data: { peer, message: views.message(row) } });
  }

  return { change };
}
