import { digitsOf, lidOf, pnOf, registrationCandidates } from './addresses.ts';
import type { Database } from './database.ts';
import { WhatsAppRefusal } from './errors.ts';
import type { EventLog } from './event-log.ts';
import type { Addressing, Phone } from './types.ts';

interface PhoneRow {
  number: string;
  name: string;
  locale: string;
  lid: string;
  platform: Phone['platform'];
  about: string;
  online: number;
  auto_read: number;
  addressing: Addressing;
  created_at: number;
}

interface ContactRow {
  number: string;
  /** As saved in the address book. */
  name: string | null;
  blocked: number;
}

export interface PhoneInput {
  number: string;
  name: string;
  locale?: string | undefined;
  platform?: Phone['platform'] | undefined;
  autoRead?: boolean | undefined;
  addressing?: Addressing | undefined;
}

export type PhoneChanges = Partial<Pick<Phone, 'name' | 'about' | 'online' | 'autoRead' | 'addressing'>>;

export interface Accounts {
  /** Registers a number at WhatsApp; the same number again changes nothing but what is given. */
  add(input: PhoneInput): Phone;
  /** @throws WhatsAppRefusal not-found */
  get(number: string): Phone;
  find(number: string): Phone | undefined;
  /** By `…@c.us` or `…@lid`, with or without the Brazilian ninth digit. */
  findById(id: string): Phone | undefined;
  list(): Phone[];
  change(number: string, changes: PhoneChanges): Phone;
  contacts(phone: string): ContactRow[];
  contact(phone: string, number: string): ContactRow | undefined;
  saveContact(phone: string, number: string, name: string | null): void;
  block(phone: string, number: string, blocked: boolean): void;
}

export function createAccounts({ db, events, now }: { db: Database; events: EventLog; now: () => number }): Accounts {
  const insert = db.query(
    `INSERT INTO phones (number, name, locale, lid, platform, about, online, auto_read, addressing, created_at)
     VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?)`,
  );
  const byNumber = db.query<PhoneRow>('SELECT * FROM phones WHERE number = ?');
  const byLid = db.query<PhoneRow>('SELECT * FROM phones WHERE lid = ?');
  const all = db.query<PhoneRow>('SELECT * FROM phones ORDER BY created_at, number');
  const update = db.query(
    'UPDATE phones SET name = ?, about = ?, online = ?, auto_read = ?, addressing = ? WHERE number = ?',
  );
  const contacts = db.query<ContactRow>('SELECT number, name, blocked FROM contacts WHERE phone = ?');
  const contact = db.query<ContactRow>('SELECT number, name, blocked FROM contacts WHERE phone = ? AND number = ?');
  const putName = db.query(
    'INSERT INTO contacts (phone, number, name) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name',
  );
  const putBlocked = db.query(
    'INSERT INTO contacts (phone, number, blocked) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET blocked = excluded.blocked',
  );
  // Looked up several times for every message, and small: kept here as well as on disk.
  const cache = new Map<string, Phone>();
  db.onRollback(() => cache.clear());

  function find(number: string): Phone | undefined {
    const known = cache.get(number);
    if (known !== undefined) return known;
    const row = byNumber.get(number);
    if (row === undefined) return undefined;
    const phone = fromRow(row);
    cache.set(number, phone);
    return phone;
  }

  function get(number: string): Phone {
    const phone = find(number);
    if (phone === undefined) throw new WhatsAppRefusal('not-found', `The number ${number} has no WhatsApp.`);
    return phone;
  }

  function add(input: PhoneInput): Phone {
    const number = digitsOf(input.number);
    const existing = find(number);
    if (existing !== undefined) {
      return change(number, {
        name: input.name,
        ...(input.autoRead === undefined ? {} : { autoRead: input.autoRead }),
        ...(input.addressing === undefined ? {} : { addressing: input.addressing }),
      });
    }
    insert.run(
      number,
      input.name,
      input.locale ?? 'pt-BR',
      lidOf(number),
      input.platform ?? 'android',
      '',
      input.autoRead === true ? 1 : 0,
      input.addressing ?? 'pn',
      now(),
    );
    events.record({ kind: 'phone-added', phone: number, data: { name: input.name } });
    return get(number);
  }

  function change(number: string, changes: PhoneChanges): Phone {
    const next = { ...get(number), ...changes };
    update.run(next.name, next.about, next.online ? 1 : 0, next.autoRead ? 1 : 0, next.addressing, number);
    cache.set(number, next);
    events.record({ kind: 'phone-changed', phone: number, data: { ...changes } });
    return next;
  }

  function findById(id: string): Phone | undefined {
    if (id.endsWith('@lid')) {
      const row = byLid.get(id);
      return row === undefined ? undefined : find(row.number);
    }
    if (!id.endsWith('@c.us') && !id.endsWith('@s.whatsapp.net')) return undefined;
    for (const candidate of registrationCandidates(digitsOf(id.split('@')[0] ?? ''))) {
      const phone = find(candidate);
      if (phone !== undefined) return phone;
    }
    return undefined;
  }

  return {
    add,
    get,
    find,
    findById,
    list: () => all.all().map(fromRow),
    change,
    contacts: (phone) => contacts.all(phone),
    contact: (phone, number) => contact.get(phone, number),
    saveContact(phone, number, name) {
      putName.run(phone, number, name);
      events.record({ kind: 'contact-changed', phone, data: { number, name } });
    },
    block(phone, number, blocked) {
      putBlocked.run(phone, number, blocked ? 1 : 0);
      events.record({ kind: 'contact-changed', phone, data: { number, blocked } });
    },
  };
}

function fromRow(row: PhoneRow): Phone {
  return {
    number: row.number,
    name: row.name,
    locale: row.locale,
    pn: pnOf(row.number),
    lid: row.lid,
    platform: row.platform,
    about: row.about,
    online: row.online === 1,
    autoRead: row.auto_read === 1,
    addressing: row.addressing,
    createdAt: row.created_at,
  };
}
