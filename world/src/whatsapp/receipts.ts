import { kindOf } from './addresses.ts';
import type { MessageRow } from './mailboxes.ts';
import type { WorldParts } from './parts.ts';
import type { Ack } from './types.ts';

export interface Receipts {
  /** The phone fetches what waited for it: the senders see two ticks, or blue ones where it reads by itself. */
  comeOnline(phone: string): void;
  /** The chat was opened, on the phone or on a linked device: no more unread, and the other sees blue ticks. */
  read(phone: string, peer: string): void;
  markUnread(phone: string, peer: string): void;
}

export function createReceipts(parts: WorldParts): Receipts {
  const { accounts, mailboxes, rooms, notes, views, events, db } = parts;

  function comeOnline(phone: string): void {
    db.transaction(() => {
      const { autoRead } = accounts.change(phone, { online: true });
      const senders = new Set<string>();
      for (const row of mailboxes.waiting(phone)) {
        mailboxes.update(row.seq, { on_phone: 1 });
        if (kindOf(row.peer) === 'user') senders.add(row.peer);
        else raiseRoomMessage(row);
      }
      for (const sender of senders) {
        raiseFor({ phone: sender, peer: phone, ack: 2 });
        if (autoRead) read(phone, sender);
      }
    });
  }

  /** A room's message gets its second tick when nobody's copy waits any more. */
  function raiseRoomMessage(row: MessageRow): void {
    const copies = mailboxes.copies(row.id).filter((copy) => copy.peer === row.peer);
    if (copies.some((copy) => copy.on_phone === 0)) return;
    for (const own of copies) if (own.from_me === 1 && own.ack < 2) raise(own, 2);
  }

  function raiseFor({ phone, peer, ack }: { phone: string; peer: string; ack: Ack }): void {
    for (const row of mailboxes.unticked({ phone, peer, ack })) {
      const delivered = ack < 3 || mailboxes.message(peer, phone, row.id)?.on_phone !== 0;
      if (delivered) raise(row, ack);
    }
  }

  function raise(row: MessageRow, ack: Ack): void {
    mailboxes.update(row.seq, { ack });
    notes.post(row.phone, { type: 'ack', key: views.key(row), ack });
    events.record({ kind: 'ack', phone: row.phone, data: { peer: row.peer, id: row.id, ack } });
  }

  function read(phone: string, peer: string): void {
    db.transaction(() => {
      const chat = mailboxes.chat(phone, peer);
      if (chat === undefined) return;
      if (chat.unread !== 0) setUnread({ phone, peer, unread: 0 });
      if (kindOf(peer) === 'user') raiseFor({ phone: peer, peer: phone, ack: 3 });
      else if (kindOf(peer) === 'group' && rooms.get(peer).members.length === 2) raiseTwoPersonGroup(phone, peer);
    });
  }

  function raiseTwoPersonGroup(phone: string, peer: string): void {
    const other = rooms.get(peer).members.find((member) => member !== phone);
    if (other !== undefined) for (const row of mailboxes.unticked({ phone: other, peer, ack: 3 })) raise(row, 3);
  }

  function setUnread({ phone, peer, unread }: { phone: string; peer: string; unread: number }): void {
    mailboxes.changeChat(phone, peer, { unread });
    notes.post(phone, { type: 'unread', chat: views.idOf(phone, peer), unread });
    events.record({ kind: 'read', phone, data: { peer, unread } });
  }

  return {
    comeOnline,
    read,
    // WhatsApp marks "unread by hand" with -1.
    markUnread: (phone, peer) => db.transaction(() => setUnread({ phone, peer, unread: -1 })),
  };
}
