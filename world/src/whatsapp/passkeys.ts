import { createSoftwarePasskey, type SoftwarePasskey } from '@top-active/core/test-support';
import type { Database } from './database.ts';

interface PasskeyRow {
  id: string;
  phone: string;
  private_key: string;
  counter: number;
}

export interface Passkeys {
  /** The phone's passkey, made when it is first asked for. */
  of(phone: string): SoftwarePasskey;
  /** Signs as the phone's own authenticator does, with the next count. */
  sign(phone: string, challenge: string): ReturnType<SoftwarePasskey['sign']>;
  /** Whose it is, and what WhatsApp's server knows of it. Undefined: nobody's. */
  find(id: string): { phone: string; publicKey: Uint8Array<ArrayBuffer>; counter: number } | undefined;
  /** What the authenticator counted at its last use. */
  count(id: string, counter: number): void;
}

/** The passkeys of the simulated phones' owners, for whatsapp.com. */
export function createPasskeys(db: Database): Passkeys {
  const byPhone = db.query<PasskeyRow>('SELECT * FROM passkeys WHERE phone = ?');
  const byId = db.query<PasskeyRow>('SELECT * FROM passkeys WHERE id = ?');
  const insert = db.query('INSERT INTO passkeys (id, phone, private_key, counter) VALUES (?, ?, ?, 0)');
  const update = db.query('UPDATE passkeys SET counter = ? WHERE id = ?');

  function load({ id, phone, private_key: privateKey }: PasskeyRow): SoftwarePasskey {
    return createSoftwarePasskey({ userHandle: phone, kept: { id, privateKey } });
  }

  function of(phone: string): SoftwarePasskey {
    const known = byPhone.get(phone);
    if (known !== undefined) return load(known);
    const made = createSoftwarePasskey({ userHandle: phone });
    insert.run(made.id, phone, made.privateKey);
    return made;
  }

  return {
    of,
    sign(phone, challenge) {
      const passkey = of(phone);
      return passkey.sign({ challenge, counter: (byId.get(passkey.id)?.counter ?? 0) + 1 });
    },
    find(id) {
      const row = byId.get(id);
      return row && { phone: row.phone, publicKey: load(row).publicKey, counter: row.counter };
    },
    count(id, counter) {
      update.run(counter, id);
    },
  };
}
