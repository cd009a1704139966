import { kindOf, statusBroadcast } from './addresses.ts';
import { WhatsAppRefusal } from './errors.ts';
import type { MessageRow } from './mailboxes.ts';
import { newMessageId } from './message-ids.ts';
import { noticeTypes } from './message-types.ts';
import type { WorldParts } from './parts.ts';
import type { Ack, MessageType } from './types.ts';

interface Outgoing {
  /** Number of the sender. */
  from: string;
  /** Number of a person, or the id of a group, newsletter or status broadcast. */
  to: string;
  type: MessageType;
  text: string;
  media?: string | undefined;
  quoted?: string | undefined;
  forwarded?: boolean | undefined;
  extra?: Record<string, unknown> | undefined;
  /** The receivers' linked devices can't decrypt it: the subtype of what they have instead. */
  sealed?: string | undefined;
  /** WhatsApp's id; made here where it is absent. The same id from the same phone is sent once only. */
  id?: string | undefined;
  /** The chat's id as the sending device wrote it into the key; by default as the sender sees it now. */
  remote?: string | undefined;
  /** Unix time, seconds; now by default. Older ones make history. */
  t?: number | undefined;
  /** The linked device that sent it, which needn't be told. */
  device?: string | undefined;
}

export interface Delivery {
  /**
   * Stores the sender's copy and everybody else's, and tells their linked devices.
   * @throws WhatsAppRefusal not-found when the number or room doesn't exist
   */
  send(message: Outgoing): MessageRow;
  /**
   * Stores the sender's copy alone: it is planned on the phone for later, and in the stores of linked devices already.
   * @param at Unix time, seconds
   * @throws WhatsAppRefusal not-found
   */
  plan(message: Outgoing, at: number): MessageRow;
  /** Sends what was planned, under the id that it has. @throws WhatsAppRefusal conflict */
  release(planned: MessageRow): MessageRow;
}

/** Nobody's phone counts them as unread. */
const quietTypes = new Set(noticeTypes.map(({ type }) => type));

/** What the page's store has of a message that is planned on the phone. */
const planAttributes = { viewMode: 'SCHEDULED_MESSAGE', isScheduledMsg: true };

export function createDelivery(parts: WorldParts): Delivery {
  const { accounts, mailboxes, rooms, views, notes, events, db, now } = parts;

  function send(message: Outgoing): MessageRow {
    const from = accounts.get(message.from).number;
    const to = recipientOf(message.to);
    const id = message.id ?? newMessageId();
    const already = mailboxes.message(from, to, id) ?? mailboxes.revoked({ phone: from, peer: to, id });
    if (already !== undefined) return already;
    return db.transaction(() => {
      const t = message.t ?? Math.floor(now() / 1000);
      const own = store({ message, id, t, phone: from, peer: to, fromMe: true, ack: 1, onPhone: true });
      tell(own, message.device);
      return spread(own, message);
    });
  }

  /** Gives everybody else a copy. */
  function spread(own: MessageRow, message: Outgoing): MessageRow {
    const outcomes = readersOf(own.phone, own.peer).map((reader) => arrive(reader, own, message));
    const ack = own.peer === own.phone ? 3 : lowest(outcomes);
    if (ack >= 2) raise(own, 2);
    if (ack >= 3) raise(own, 3);
    return { ...own, ack };
  }

  function plan(message: Outgoing, at: number): MessageRow {
    const from = accounts.get(message.from).number;
    const to = recipientOf(message.to);
    const planned = { ...message, extra: { ...message.extra, ...planAttributes, scheduledTimestampS: at } };
    return db.transaction(() => {
      const t = message.t ?? Math.floor(now() / 1000);
      const id = message.id ?? newMessageId();
      const own = store({ message: planned, id, t, phone: from, peer: to, fromMe: true, ack: 0, onPhone: true });
      tell(own);
      return own;
    });
  }

  function release(planned: MessageRow): MessageRow {
    const extra: Record<string, unknown> = JSON.parse(planned.extra);
    if (extra.viewMode !== planAttributes.viewMode) {
      throw new WhatsAppRefusal('conflict', 'This message was not planned, or was sent already.');
    }
    const { viewMode: _mode, isScheduledMsg: _planned, scheduledTimestampS: _at, ...content } = extra;
    const { type, text, media, quoted, forwarded } = planned;
    const message = {
      from: planned.phone,
      to: planned.peer,
      type,
      text,
      extra: content,
      forwarded: forwarded === 1,
      media: media ?? undefined,
      quoted: quoted ?? undefined,
    };
    return db.transaction(() => {
      const sent = {
        t: Math.floor(now() / 1000),
        ack: 1 as Ack,
        extra: JSON.stringify({ ...content, viewMode: 'VISIBLE', isScheduledMsg: false }),
      };
      mailboxes.update(planned.seq, sent);
      const own = { ...planned, ...sent };
      mailboxes.touchChat({ ...own, addressing: views.addressing(own.phone, own.peer), unread: 0 });
      const chat = mailboxes.chat(own.phone, own.peer);
      if (chat !== undefined) {
        const note = { type: 'replace', key: views.key(own), message: views.wireMessage(own) } as const;
        notes.post(own.phone, { ...note, chat: views.bareChat(chat) });
      }
      events.record({ kind: 'message', phone: own.phone, data: { peer: own.peer, message: views.message(own) } });
      return spread(own, message);
    });
  }

  /** Everyone but the sender who gets a copy; a person who blocked the sender gets none. */
  function readersOf(from: string, to: string): string[] {
    const kind = kindOf(to);
    if (kind === 'user') return to === from || accounts.contact(to, from)?.blocked === 1 ? [] : [to];
    if (kind === 'status')
      return accounts
        .contacts(from)
        .map((row) => row.number)
        .filter((n) => accounts.find(n) !== undefined);
    return rooms.get(to).members.filter((member) => member !== from);
  }

  function recipientOf(to: string): string {
    if (to === statusBroadcast || rooms.find(to) !== undefined) return to;
    const person = accounts.find(to) ?? accounts.findById(to.includes('@') ? to : `${to}@c.us`);
    if (person === undefined) throw new WhatsAppRefusal('not-found', `${to} has no WhatsApp.`);
    return person.number;
  }

  function arrive(reader: string, own: MessageRow, message: Outgoing): Ack {
    const phone = accounts.get(reader);
    const room = kindOf(own.peer) !== 'user';
    const read = phone.online && phone.autoRead;
    const row = store({
      message,
      id: own.id,
      t: own.t,
      phone: reader,
      peer: room ? own.peer : own.phone,
      fromMe: false,
      ack: 1,
      onPhone: phone.online,
      unread: read || quietTypes.has(message.type) ? 0 : 1,
    });
    if (message.sealed !== undefined) mailboxes.seal(row, message.sealed);
    tell(row);
    if (!phone.online) return 1;
    return read ? 3 : 2;
  }

  interface Copy {
    message: Outgoing;
    id: string;
    t: number;
    phone: string;
    peer: string;
    fromMe: boolean;
    ack: Ack;
    onPhone: boolean;
    unread?: number;
  }

  function store({ message, id, t, phone, peer, fromMe, ack, onPhone, unread }: Copy): MessageRow {
    const remote = fromMe ? message.remote : undefined;
    const addressing = kindOf(peer) === 'user' ? addressingOf({ phone, peer, remote }) : 'pn';
    mailboxes.touchChat({ phone, peer, addressing, t, unread: unread ?? 0 });
    return mailboxes.insert({
      phone,
      peer,
      id,
      remote: (fromMe ? message.remote : undefined) ?? views.idOf(phone, peer),
      from_me: fromMe ? 1 : 0,
      author: kindOf(peer) === 'user' || kindOf(peer) === 'newsletter' ? null : message.from,
      type: message.type,
      text: message.text,
      t,
      ack,
      on_phone: onPhone ? 1 : 0,
      media: message.media ?? null,
      quoted: message.quoted ?? null,
      forwarded: message.forwarded === true ? 1 : 0,
      extra: JSON.stringify(message.extra ?? {}),
    });
  }

  /** A device that opened the chat by the hidden id goes on with it. */
  function addressingOf({ phone, peer, remote }: { phone: string; peer: string; remote: string | undefined }) {
    const isNew = mailboxes.chat(phone, peer) === undefined;
    return isNew && remote?.endsWith('@lid') === true ? 'lid' : views.addressing(phone, peer);
  }

  function tell(row: MessageRow, except?: string): void {
    const chat = mailboxes.chat(row.phone, row.peer);
    if (chat !== undefined && parts.devices.of(row.phone).length > 0) {
      const person = kindOf(row.peer) === 'user' ? row.peer : row.author;
      const contact = person === null ? null : views.wireContact(row.phone, person);
      const note = { type: 'message', message: views.wireMessage(row), chat: views.bareChat(chat), contact } as const;
      notes.post(row.phone, note, { except });
    }
    events.record({ kind: 'message', phone: row.phone, data: { peer: row.peer, message: views.message(row) } });
  }

  function raise(own: MessageRow, ack: Ack): void {
    mailboxes.update(own.seq, { ack });
    notes.post(own.phone, { type: 'ack', key: views.key(own), ack });
    events.record({ kind: 'ack', phone: own.phone, data: { peer: own.peer, id: own.id, ack } });
  }

  return { send, plan, release };
}

/** A group's message has as many ticks as its slowest member gives; nobody at all leaves it at the server. */
function lowest(outcomes: Ack[]): Ack {
  return outcomes.length === 0 ? 1 : outcomes.reduce((least, ack) => (ack < least ? ack : least));
}
