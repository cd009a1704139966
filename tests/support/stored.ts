import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** What the stack keeps, by place: `items USER#… PROFILE` → the item as JSON. */
export type Stored = Readonly<Record<string, string>>;

const itemRow = z.object({ pk: z.string(), sk: z.string(), item: z.string() });
const userRow = z.object({ username: z.string(), email: z.string(), user: z.string() });

/**
 * Everything that DynamoDB and Cognito keep in a stack's state folder, read from their files: what no route shows is
 * seen as well. Counters of attempts are left out: refusals are counted on purpose.
 * @param about only what belongs to this user id
 */
export function readStored(dir: string, about = ''): Stored {
  const items = read(join(dir, 'dynamodb', 'tables.db'), (db) =>
    ['items', 'keys', 'placements'].flatMap((table) =>
      z
        .array(itemRow)
        .parse(db.prepare(`SELECT pk, sk, item_json AS item FROM ${table}`).all())
        .map(({ pk, sk, item }) => [`${table} ${bare(pk)} ${bare(sk)}`, item] as const),
    ),
  );
  const users = read(cognitoFile(dir), (db) =>
    z
      .array(userRow)
      .parse(
        db
          .prepare(
            `SELECT username, email, email_verified || status || password_hash || totp_verified || totp_enabled ||
               COALESCE(totp_secret, '') AS user
             FROM users`,
          )
          .all(),
      )
      .map(({ username, email, user }) => [`cognito ${username} ${email}`, user] as const),
  );
  return Object.fromEntries([...items, ...users].filter(([place]) => place.includes(about)));
}

const cognitoFile = (dir: string) => join(dir, 'cognito', 'cognito.sqlite');

/** The app clients in whose name a user is logged in. */
export function openLoginsOf(dir: string, userId: string): string[] {
  return read(cognitoFile(dir), (db) =>
    z
      .array(z.object({ client: z.string() }))
      .parse(
        db
          .prepare(
            `SELECT s.client_id AS client FROM sign_ins s JOIN users u ON u.sub = s.sub
             WHERE u.username = ? AND s.revoked = 0`,
          )
          .all(userId),
      )
      .map(({ client }) => client),
  );
}

/** The most wrong passwords that the user pool holds against anybody. */
export function wrongPasswordsAtThePool(dir: string): number {
  return read(cognitoFile(dir), (db) =>
    z
      .object({ most: z.number() })
      .parse(db.prepare(`SELECT COALESCE(MAX(count), 0) AS most FROM attempts WHERE action = 'password'`).get()),
  ).most;
}

/** The secrets of the user pool's app clients. */
export function clientSecretsOf(dir: string): string[] {
  return read(cognitoFile(dir), (db) =>
    z
      .array(z.object({ secret: z.string() }))
      .parse(db.prepare('SELECT secret FROM clients WHERE secret IS NOT NULL').all())
      .map(({ secret }) => secret),
  );
}

function read<T>(file: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Keys are stored with their type in front: `S:PROFILE`. */
function bare(key: string): string {
  return key.replace(/^S:/, '');
}
