import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { localAccountId, localRegion } from '../wire/account.ts';
import { openDatabase } from '../wire/database.ts';
import type { KeyMaterial } from './ciphertext.ts';
import { kmsError } from './errors.ts';

const schema = `
CREATE TABLE IF NOT EXISTS keys (
  id TEXT PRIMARY KEY, description TEXT NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL,
  rotation_days INTEGER, rotation_from INTEGER, deletion_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS materials (
  key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE, version INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (key_id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS aliases (
  name TEXT PRIMARY KEY, key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS aliases_by_key ON aliases (key_id);
`;

const keyRow = z.object({
  id: z.string(),
  description: z.string(),
  state: z.enum(['Enabled', 'Disabled', 'PendingDeletion']),
  /** Times are Unix milliseconds. */
  createdAt: z.number(),
  /** Null while automatic rotation is off. */
  rotationDays: z.number().nullable(),
  /** When the present rotation period began. */
  rotationFrom: z.number().nullable(),
  deletionAt: z.number().nullable(),
});
const aliasRow = z.object({ name: z.string(), keyId: z.string(), createdAt: z.number() });
const materialRow = z.object({ keyId: z.string(), version: z.number(), bytes: z.instanceof(Uint8Array) });

export type Key = z.output<typeof keyRow>;
export type Alias = z.output<typeof aliasRow>;
export type KeyStore = ReturnType<typeof openKeyStore>;

const arnPrefix = `arn:aws:kms:${localRegion}:${localAccountId}:`;
const dayMs = 86_400_000;
const keyIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function keyArn(id: string): string {
  return `${arnPrefix}key/${id}`;
}

export function aliasArn(name: string): string {
  return `${arnPrefix}${name}`;
}

/** Keys, their material and aliases. Key material stays here in the clear: this is a laptop's stand-in for an HSM. */
export function openKeyStore(dir: string, now: () => number) {
  const db = openDatabase({ dir, name: 'kms', schema });
  const columns = `id, description, state, created_at AS createdAt, rotation_days AS rotationDays,
    rotation_from AS rotationFrom, deletion_at AS deletionAt`;
  const insertKey = db.change(`INSERT INTO keys (id, description, state, created_at) VALUES (?, ?, 'Enabled', ?)`);
  const selectKey = db.select(`SELECT ${columns} FROM keys WHERE id = ?`, keyRow);
  const updateState = db.change('UPDATE keys SET state = ?, deletion_at = ? WHERE id = ?');
  const updateRotation = db.change('UPDATE keys SET rotation_days = ?, rotation_from = ? WHERE id = ?');
  const deleteDue = db.change('DELETE FROM keys WHERE deletion_at <= ?');
  const insertMaterial = db.change('INSERT INTO materials (key_id, version, bytes) VALUES (?, ?, ?)');
  const materials = 'SELECT key_id AS keyId, version, bytes FROM materials WHERE key_id = ?';
  const selectMaterial = db.select(`${materials} AND version = ?`, materialRow);
  const selectNewestMaterial = db.select(`${materials} ORDER BY version DESC LIMIT 1`, materialRow);
  const aliasColumns = 'name, key_id AS keyId, created_at AS createdAt';
  const insertAlias = db.change('INSERT INTO aliases (name, key_id, created_at) VALUES (?, ?, ?)');
  const selectAlias = db.select(`SELECT ${aliasColumns} FROM aliases WHERE name = ?`, aliasRow);
  const selectAliases = db.select(`SELECT ${aliasColumns} FROM aliases ORDER BY name`, aliasRow);

  /** By id, key ARN, alias or alias ARN. Throws NotFoundException. */
  function find(reference: string): Key {
    deleteDue(now());
    const name = reference.startsWith(arnPrefix) ? reference.slice(arnPrefix.length) : reference;
    if (name.startsWith('alias/')) {
      const alias = selectAlias.get(name);
      if (!alias) throw kmsError('NotFoundException', `Alias ${aliasArn(name)} is not found.`);
      return find(alias.keyId);
    }
    const id = name.startsWith('key/') ? name.slice('key/'.length) : name;
    if (!keyIdPattern.test(id)) throw kmsError('NotFoundException', `Invalid keyId '${reference}'`);
    const key = selectKey.get(id);
    if (!key) throw kmsError('NotFoundException', `Key '${keyArn(id)}' does not exist`);
    return key;
  }

  /** What new ciphertexts are made with. Rotation happens here, when it is first seen to be due. */
  function currentMaterial(key: Key): KeyMaterial {
    const newest = selectNewestMaterial.get(key.id);
    if (!newest) throw new Error(`Key ${key.id} has no material`);
    if (key.rotationDays === null || key.rotationFrom === null) return newest;
    const periods = Math.floor((now() - key.rotationFrom) / (key.rotationDays * dayMs));
    if (periods < 1) return newest;
    const next: KeyMaterial = { keyId: key.id, version: newest.version + 1, bytes: randomBytes(32) };
    const { rotationDays, rotationFrom } = key;
    db.transaction(() => {
      insertMaterial(key.id, next.version, next.bytes);
      updateRotation(rotationDays, rotationFrom + periods * rotationDays * dayMs, key.id);
    });
    return next;
  }

  return {
    find,
    currentMaterial,
    material: (keyId: string, version: number): KeyMaterial | undefined => selectMaterial.get(keyId, version),

    createKey(description: string): Key {
      const id = randomUUID();
      db.transaction(() => {
        insertKey(id, description, now());
        insertMaterial(id, 1, randomBytes(32));
      });
      return find(id);
    },

    setState(key: Key, state: Key['state'], deletionAt?: number): void {
      updateState(state, deletionAt ?? null, key.id);
    },

    enableRotation(key: Key, days: number): void {
      updateRotation(days, key.rotationFrom ?? now(), key.id);
    },

    /** Throws AlreadyExistsException. */
    createAlias(name: string, key: Key): void {
      if (selectAlias.get(name)) {
        throw kmsError('AlreadyExistsException', `An alias with the name ${aliasArn(name)} already exists`);
      }
      insertAlias(name, key.id, now());
    },

    /** All, or those of one key, by name. */
    aliases(keyId?: string): Alias[] {
      deleteDue(now());
      return selectAliases.all().filter((alias) => keyId === undefined || alias.keyId === keyId);
    },

    close: () => db.close(),
  };
}
