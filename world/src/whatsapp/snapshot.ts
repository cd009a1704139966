import type { Faults } from './faults.ts';
import type { WorldParts } from './parts.ts';
import { restrictionsOf } from './restrictions.ts';
import type { Overlays, PageFaults, ServerFrame, WireContact } from './wire.ts';

export function pageFaults(faults: Faults): PageFaults {
  const { fastSync, slowBootMs, syncDelayMs, requireLidLookup, missingModules, hideNumbers } = faults;
  return { fastSync, slowBootMs, syncDelayMs, requireLidLookup, missingModules, hideNumbers };
}

export function overlaysOf({ faults, now }: WorldParts, phone: string): Overlays {
  const all = faults.of(phone);
  const { whatsNew, scheduledReloadMs, needsUpdate, logoutMs, failSends, reconnectScale } = all;
  const acted = { logoutMs, failSends, reconnectScale };
  return { restrictions: restrictionsOf(all, now()), whatsNew, scheduledReloadMs, needsUpdate, acted };
}

/** What a linked device is given when its page starts: its contacts, and its chats with the last message of each. */
export function snapshotOf(parts: WorldParts, phone: string): ServerFrame {
  const { mailboxes, accounts, rooms, views, faults } = parts;
  // WhatsApp Web keeps the status apart from the chats.
  const rows = mailboxes.chats(phone).filter((row) => row.kind !== 'status');
  const people = new Set([
    phone,
    ...accounts.contacts(phone).map((row) => row.number),
    ...rows.flatMap((row) => (row.kind === 'user' ? [row.peer] : [])),
    ...rows.flatMap((row) => (row.kind === 'group' ? rooms.get(row.peer).members : [])),
  ]);
  const contacts = [...people].map((number) => views.wireContact(phone, number));
  return {
    t: 'sync',
    faults: pageFaults(faults.of(phone)),
    me: views.me(phone),
    contacts: contacts.filter((contact): contact is WireContact => contact !== null),
    chats: rows.map((row) => views.wireChat(row)),
    resume: false,
    overlays: overlaysOf(parts, phone),
  };
}

/** For a page that only lost its socket: it still has everything, and what it missed follows as notes. */
export function resumption(parts: WorldParts, phone: string): ServerFrame {
  const { views, faults } = parts;
  return {
    t: 'sync',
    faults: pageFaults(faults.of(phone)),
    me: views.me(phone),
    contacts: [],
    chats: [],
    resume: true,
    overlays: overlaysOf(parts, phone),
  };
}
