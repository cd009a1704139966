import { createHash, randomBytes } from 'node:crypto';
import type { Database } from './database.ts';
import { WhatsAppRefusal } from './errors.ts';
import type { MediaFacts } from './types.ts';
import type { WireMedia } from './wire.ts';

interface MediaRow {
  id: string;
  mimetype: string;
  filename: string | null;
  size: number;
  sha256: string;
  media_key: string;
  expired: number;
}

export interface MediaStore {
  /** @throws WhatsAppRefusal too-large */
  put(file: { mimetype: string; filename: string | null; bytes: Uint8Array }): MediaFacts;
  facts(id: string): MediaFacts | undefined;
  bytes(id: string): Uint8Array | undefined;
  wire(id: string): WireMedia | undefined;
  /** @throws WhatsAppRefusal not-found */
  expire(id: string): void;
}

const pathPrefix = '/v/t62.7118-24/';
/** WhatsApp's own limit for documents is 2 GB; a laptop's world stops earlier. */
export const largestMedia = 64 * 1024 * 1024;

function directPathOf(id: string): string {
  return `${pathPrefix}${id}`;
}

export function mediaIdOf(directPath: string): string | undefined {
  return directPath.startsWith(pathPrefix) ? directPath.slice(pathPrefix.length) : undefined;
}

export function createMediaStore({ db, now }: { db: Database; now: () => number }): MediaStore {
  const insert = db.query(
    `INSERT INTO media (id, mimetype, filename, bytes, size, sha256, media_key, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const row = db.query<MediaRow>(
    'SELECT id, mimetype, filename, size, sha256, media_key, expired FROM media WHERE id = ?',
  );
  const content = db.query<{ bytes: Uint8Array }>('SELECT bytes FROM media WHERE id = ? AND expired = 0');
  const expire = db.query('UPDATE media SET expired = 1 WHERE id = ?');

  function facts(id: string): MediaFacts | undefined {
    const found = row.get(id);
    if (found === undefined) return undefined;
    const { mimetype, filename, size, expired } = found;
    return { id, mimetype, filename, size, expired: expired === 1 };
  }

  return {
    put({ mimetype, filename, bytes }) {
      if (bytes.byteLength > largestMedia) {
        throw new WhatsAppRefusal('too-large', `Media is limited to ${largestMedia / 1024 / 1024} MB here.`);
      }
      const id = randomBytes(18).toString('base64url');
      const sha256 = createHash('sha256').update(bytes).digest('base64');
      insert.run(id, mimetype, filename, bytes, bytes.byteLength, sha256, randomBytes(32).toString('base64'), now());
      return { id, mimetype, filename, size: bytes.byteLength, expired: false };
    },
    facts,
    bytes: (id) => content.get(id)?.bytes,
    wire(id) {
      const found = row.get(id);
      if (found === undefined) return undefined;
      return {
        directPath: directPathOf(id),
        mediaKey: found.media_key,
        filehash: found.sha256,
        encFilehash: createHash('sha256').update(`encrypted:${found.sha256}`).digest('base64'),
        mimetype: found.mimetype,
        filename: found.filename,
        size: found.size,
      };
    },
    expire(id) {
      if (expire.run(id) === 0) throw new WhatsAppRefusal('not-found', `There is no media ${id}.`);
    },
  };
}
