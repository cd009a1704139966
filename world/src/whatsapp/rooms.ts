import { randomInt } from 'node:crypto';
import type { Database } from './database.ts';
import { WhatsAppRefusal } from './errors.ts';

/** Groups and newsletters: they exist so that what must be skipped is there to be skipped. */
export interface Room {
  id: string;
  kind: 'group' | 'newsletter';
  name: string;
  owner: string;
  /** Unix time, seconds. */
  createdAt: number;
  members: string[];
}

export interface Rooms {
  create(room: { kind: Room['kind']; name: string; owner: string; members: string[] }): Room;
  find(id: string): Room | undefined;
  /** @throws WhatsAppRefusal not-found */
  get(id: string): Room;
  list(): Room[];
  /** The same person under another number. */
  replaceMember(id: string, from: string, to: string): void;
}

interface RoomRow {
  id: string;
  kind: Room['kind'];
  name: string;
  owner: string;
  created_at: number;
}

export function createRooms({ db, now }: { db: Database; now: () => number }): Rooms {
  const insert = db.query('INSERT INTO rooms (id, kind, name, owner, created_at) VALUES (?, ?, ?, ?, ?)');
  const insertMember = db.query('INSERT OR IGNORE INTO room_members (room, number) VALUES (?, ?)');
  const byId = db.query<RoomRow>('SELECT * FROM rooms WHERE id = ?');
  const all = db.query<{ id: string }>('SELECT id FROM rooms ORDER BY created_at, id');
  const members = db.query<{ number: string }>('SELECT number FROM room_members WHERE room = ? ORDER BY number');

  const replaceMember = db.query('UPDATE OR REPLACE room_members SET number = ? WHERE room = ? AND number = ?');
  const replaceOwner = db.query('UPDATE rooms SET owner = ? WHERE id = ? AND owner = ?');

  function find(id: string): Room | undefined {
    const row = byId.get(id);
    if (row === undefined) return undefined;
    const { kind, name, owner, created_at: createdAt } = row;
    return { id, kind, name, owner, createdAt, members: members.all(id).map((member) => member.number) };
  }

  function get(id: string): Room {
    const room = find(id);
    if (room === undefined) throw new WhatsAppRefusal('not-found', `There is no group or newsletter ${id}.`);
    return room;
  }

  return {
    create({ kind, name, owner, members: numbers }) {
      const digits = `120363${String(randomInt(10 ** 12)).padStart(12, '0')}`;
      const id = `${digits}@${kind === 'group' ? 'g.us' : 'newsletter'}`;
      db.transaction(() => {
        insert.run(id, kind, name, owner, Math.floor(now() / 1000));
        for (const number of new Set([owner, ...numbers])) insertMember.run(id, number);
      });
      return get(id);
    },
    find,
    get,
    replaceMember(id, from, to) {
      replaceMember.run(to, id, from);
      replaceOwner.run(to, id, from);
    },
    list: () => all.all().map((row) => get(row.id)),
  };
}
