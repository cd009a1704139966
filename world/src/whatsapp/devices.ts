import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';

export interface DeviceRow {
  id: string;
  phone: string;
  token: string;
  os: string;
  browser: string;
  linked_at: number;
  seen_at: number;
  /** The last note that it confirmed. */
  confirmed: number;
  /** How many notes it confirmed in all. */
  received: number;
}

export interface Devices {
  get(id: string): DeviceRow | undefined;
  of(phone: string): DeviceRow[];
  link(device: { id: string; phone: string; confirmed: number }): DeviceRow;
  introduce(id: string, name: { os: string; browser: string }): void;
  seen(id: string): void;
  confirm(id: string, progress: { confirmed: number; received: number }): void;
  /** False when there was nothing to unlink. */
  unlink(id: string): boolean;
}

export function createDevices({ db, now }: { db: Database; now: () => number }): Devices {
  const byId = db.query<DeviceRow>('SELECT * FROM devices WHERE id = ?');
  const byPhone = db.query<DeviceRow>('SELECT * FROM devices WHERE phone = ? ORDER BY linked_at');
  const insert = db.query(
    `INSERT OR REPLACE INTO devices (id, phone, token, os, browser, linked_at, seen_at, confirmed, received)
     VALUES (?, ?, ?, '', '', ?, ?, ?, 0)`,
  );
  const name = db.query('UPDATE devices SET os = ?, browser = ? WHERE id = ?');
  const seen = db.query('UPDATE devices SET seen_at = ? WHERE id = ?');
  const confirm = db.query('UPDATE devices SET confirmed = ?, received = ? WHERE id = ?');
  const remove = db.query('DELETE FROM devices WHERE id = ?');
  // Asked for every message: kept here as well as on disk.
  const cache = new Map<string, DeviceRow[]>();
  db.onRollback(() => cache.clear());

  function of(phone: string): DeviceRow[] {
    const known = cache.get(phone) ?? byPhone.all(phone);
    cache.set(phone, known);
    return known;
  }

  function forget(id: string): void {
    const phone = byId.get(id)?.phone;
    if (phone !== undefined) cache.delete(phone);
  }

  return {
    get: (id) => byId.get(id),
    of,
    link({ id, phone, confirmed }) {
      forget(id);
      const at = now();
      insert.run(id, phone, randomBytes(32).toString('base64url'), at, at, confirmed);
      cache.delete(phone);
      const linked = byId.get(id);
      if (linked === undefined) throw new Error('The linked device was not stored.');
      return linked;
    },
    introduce(id, { os, browser }) {
      name.run(os, browser, id);
      forget(id);
    },
    seen(id) {
      seen.run(now(), id);
      forget(id);
    },
    confirm(id, { confirmed, received }) {
      confirm.run(confirmed, received, id);
      forget(id);
    },
    unlink(id) {
      forget(id);
      return remove.run(id) > 0;
    },
  };
}
