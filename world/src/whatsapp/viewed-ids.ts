import type { Accounts } from './accounts.ts';
import { pnOf, statusBroadcast, withoutNinthDigit } from './addresses.ts';
import type { FaultBoard } from './fault-board.ts';
import type { Mailboxes, MessageRow } from './mailboxes.ts';
import type { Rooms } from './rooms.ts';
import type { Addressing, Phone } from './types.ts';

/** The ids under which a phone sees people, rooms and messages. */
export interface ViewedIds {
  /** How `viewer` sees `number`: an existing chat's addressing wins over what is new. */
  addressing(viewer: string, number: string): Addressing;
  /** The id under which `viewer` sees a person, group or newsletter. */
  idOf(viewer: string, peer: string): string;
  /** Back from an id to a number, or to the id itself where it isn't a person. */
  peerOf(id: string): string | undefined;
  personId(viewer: string, number: string): string;
  /** A person's number, written as `viewer` sees it. */
  numberId(viewer: string, phone: Phone): string;
  /** The phone's own id in the chat of a message. */
  own(row: Pick<MessageRow, 'phone' | 'remote'>): string;
  /** Who wrote a message in a room. Null in a chat of two. */
  authorId(row: MessageRow): string | null;
  /** The message's key, as the page serialises it. */
  key(row: MessageRow): string;
}

interface Parts {
  accounts: Accounts;
  mailboxes: Mailboxes;
  rooms: Rooms;
  faults: FaultBoard;
}

export function createViewedIds({ accounts, mailboxes, rooms, faults }: Parts): ViewedIds {
  function addressing(viewer: string, number: string): Addressing {
    if (faults.of(number).numberUnknown) return 'lid';
    return mailboxes.chat(viewer, number)?.addressing ?? accounts.find(number)?.addressing ?? 'pn';
  }

  function personId(viewer: string, number: string): string {
    const person = accounts.find(number);
    if (person === undefined) return pnOf(number);
    return addressing(viewer, number) === 'lid' ? person.lid : numberId(viewer, person);
  }

  function numberId(viewer: string, { number, pn }: Phone): string {
    return addressing(viewer, number) === 'pn-without-ninth' ? pnOf(withoutNinthDigit(number)) : pn;
  }

  function idOf(viewer: string, peer: string): string {
    return peer.includes('@') ? peer : personId(viewer, peer);
  }

  function peerOf(id: string): string | undefined {
    if (id.endsWith('@g.us') || id.endsWith('@newsletter')) return rooms.find(id) === undefined ? undefined : id;
    if (id === statusBroadcast) return id;
    return accounts.findById(id)?.number;
  }

  function own(row: Pick<MessageRow, 'phone' | 'remote'>): string {
    const phone = accounts.get(row.phone);
    return row.remote.endsWith('@lid') ? phone.lid : phone.pn;
  }

  function authorId(row: MessageRow): string | null {
    if (row.author === null) return null;
    return row.author === row.phone ? accounts.get(row.phone).pn : personId(row.phone, row.author);
  }

  function key(row: MessageRow): string {
    // In the chat with oneself the key says which of the two one was.
    const self = row.peer === row.phone ? ['out'] : [];
    const author = authorId(row);
    const participant = author === null ? [] : [author];
    return [row.from_me === 1 ? 'true' : 'false', row.remote, row.id, ...self, ...participant].join('_');
  }

  return { addressing, idOf, peerOf, personId, numberId, own, authorId, key };
}
