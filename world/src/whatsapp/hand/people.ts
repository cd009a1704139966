import type { PhoneChanges, PhoneInput } from '../accounts.ts';
import type { Room } from '../rooms.ts';
import type { PhoneState } from '../types.ts';
import type { WorldCore } from '../world.ts';
import { peerOf, stateOf } from './hand-views.ts';
import { tellContact } from './tell-people.ts';

/** Phones, their contacts, and the rooms in which people meet. */
export interface People {
  addPhone(input: PhoneInput): PhoneState;
  phones(): PhoneState[];
  /** @throws WhatsAppRefusal not-found */
  phone(number: string): PhoneState;
  changePhone(number: string, changes: PhoneChanges): PhoneState;
  /** The person changes the number and keeps the phone. @throws WhatsAppRefusal not-found, conflict */
  changeNumber(number: string, to: string): PhoneState;
  saveContact(phone: string, contact: { number: string; name: string | null }): void;
  blockContact(phone: string, contact: { number: string; blocked: boolean }): void;
  createRoom(room: { kind: Room['kind']; name: string; owner: string; members: string[] }): Room;
  rooms(): Room[];
}

export function createPeople(core: WorldCore): People {
  const { parts, receipts, amendments, renumbering } = core;
  const { accounts, mailboxes, rooms } = parts;

  return {
    addPhone: (input) => stateOf(core, accounts.add(input)),
    phones: () => accounts.list().map((phone) => stateOf(core, phone)),
    phone: (number) => stateOf(core, accounts.get(number)),
    changePhone(number, changes) {
      const before = accounts.get(number);
      const after = accounts.change(number, changes);
      if (!before.online && after.online) receipts.comeOnline(number);
      if (before.addressing !== after.addressing)
        for (const { number: viewer } of accounts.list())
          if (mailboxes.chat(viewer, number)) amendments.changeId(viewer, number, after.addressing);
      return stateOf(core, after);
    },
    changeNumber: (number, to) => stateOf(core, renumbering.change(number, to)),
    saveContact(phone, { number, name }) {
      accounts.get(phone);
      accounts.saveContact(phone, peerOf(core, number), name);
      tellContact(core, phone, peerOf(core, number));
    },
    blockContact(phone, { number, blocked }) {
      accounts.get(phone);
      accounts.block(phone, peerOf(core, number), blocked);
      tellContact(core, phone, peerOf(core, number));
    },
    createRoom(room) {
      for (const number of [room.owner, ...room.members]) accounts.get(number);
      return rooms.create(room);
    },
    rooms: () => rooms.list(),
  };
}
