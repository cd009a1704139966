import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { localAccountId, localRegion } from '../wire/account.ts';
import type { Database } from '../wire/database.ts';
import { jsonColumn } from './database.ts';
import { cognitoError } from './errors.ts';
import { clientConfig, poolConfig, type ClientConfig, type PoolConfig } from './pool-config.ts';

const poolRow = z.object({ id: z.string(), config: jsonColumn(poolConfig), createdAt: z.number() });
const clientRow = z.object({
  id: z.string(),
  poolId: z.string(),
  config: jsonColumn(clientConfig),
  /** Of a confidential client; it can't be given to a client later, nor taken from it. */
  secret: z.string().nullable(),
  createdAt: z.number(),
});

export type Pool = z.output<typeof poolRow>;
export type Client = z.output<typeof clientRow>;
export type PoolStore = ReturnType<typeof createPoolStore>;

export function poolArn(poolId: string): string {
  return `arn:aws:cognito-idp:${localRegion}:${localAccountId}:userpool/${poolId}`;
}

/** User pools and their app clients. */
export function createPoolStore(db: Database, now: () => number) {
  const poolColumns = 'id, config, created_at AS createdAt';
  const selectPool = db.select(`SELECT ${poolColumns} FROM pools WHERE id = ?`, poolRow);
  const selectPoolByName = db.select(`SELECT ${poolColumns} FROM pools WHERE name = ? ORDER BY created_at`, poolRow);
  const upsertPool = db.change(
    `INSERT INTO pools (id, name, config, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, config = excluded.config`,
  );
  const clientColumns = 'id, pool_id AS poolId, config, secret, created_at AS createdAt';
  const selectClient = db.select(`SELECT ${clientColumns} FROM clients WHERE id = ?`, clientRow);
  const selectClientByName = db.select(
    `SELECT ${clientColumns} FROM clients WHERE pool_id = ? AND name = ? ORDER BY created_at`,
    clientRow,
  );
  const upsertClient = db.change(
    `INSERT INTO clients (id, pool_id, name, config, secret, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, config = excluded.config`,
  );

  /** Throws ResourceNotFoundException. */
  function pool(id: string): Pool {
    const found = selectPool.get(id);
    if (!found) throw cognitoError('ResourceNotFoundException', `User pool ${id} does not exist.`);
    return found;
  }

  /** Throws ResourceNotFoundException. */
  function client(id: string): Client {
    const found = selectClient.get(id);
    if (!found) throw cognitoError('ResourceNotFoundException', `User pool client ${id} does not exist.`);
    return found;
  }

  function putPool(config: PoolConfig, id = `${localRegion}_${randomName(9)}`): Pool {
    upsertPool(id, config.PoolName, JSON.stringify(config), now());
    return pool(id);
  }

  function putClient(poolId: string, config: ClientConfig, id = randomName(26).toLowerCase()): Client {
    const secret = config.GenerateSecret ? randomName(52).toLowerCase() : null;
    upsertClient(id, pool(poolId).id, config.ClientName, JSON.stringify(config), secret, now());
    return client(id);
  }

  return {
    pool,
    client,
    hasPool: (id: string) => selectPool.get(id) !== undefined,
    putPool,
    putClient,
    /** The pool of that name with the given configuration, and the client likewise; made when missing. */
    ensure: (poolConfig: PoolConfig, clientConfig: ClientConfig): { pool: Pool; client: Client } => {
      const pool = putPool(poolConfig, selectPoolByName.get(poolConfig.PoolName)?.id);
      const known = selectClientByName.get(pool.id, clientConfig.ClientName);
      return { pool, client: putClient(pool.id, clientConfig, known?.id) };
    },
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function randomName(length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
