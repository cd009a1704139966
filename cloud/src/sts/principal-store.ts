import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../wire/aws-error.ts';
import { openDatabase } from '../wire/database.ts';

const schema = `
CREATE TABLE IF NOT EXISTS principals (
  access_key_id TEXT PRIMARY KEY, arn TEXT NOT NULL, user_id TEXT NOT NULL, tags TEXT NOT NULL, session TEXT, expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS principals_by_expiry ON principals (expires_at);
`;

const json = z.string().transform((text): unknown => JSON.parse(text));
const tagsOfRow = json.pipe(z.record(z.string(), z.string()));
const sessionOfRow = z.object({
  roleArn: z.string(),
  sessionName: z.string(),
  sessionToken: z.string(),
  /** Tags that follow into roles assumed from this session. */
  transitiveTagKeys: z.array(z.string()),
  /** Session policy, a JSON document; narrows the role's own policies. */
  policy: z.string().optional(),
  policyArns: z.array(z.string()),
});
export type RoleSession = z.output<typeof sessionOfRow>;

const principalRow = z.object({
  /** `arn:aws:sts::000000000000:assumed-role/<role>/<session>`, or whatever was registered. */
  arn: z.string(),
  /** As GetCallerIdentity tells it. */
  userId: z.string(),
  /** `aws:PrincipalTag/<key>` */
  tags: tagsOfRow,
  /** Null for registered principals, which have no session and don't expire. */
  session: json.pipe(sessionOfRow).nullable(),
  /** Unix time in milliseconds. */
  expiresAt: z.number().nullable(),
});
/** Who holds an access key. */
export type Principal = z.output<typeof principalRow>;

export interface RegisteredPrincipal {
  accessKeyId: string;
  /** Needed where signatures are verified; `local` by default. */
  secretAccessKey?: string | undefined;
  arn: string;
  tags?: Record<string, string> | undefined;
}

export type PrincipalStore = ReturnType<typeof openPrincipalStore>;

// Expired sessions stay a while, so that their holders hear "expired" and not "unknown".
const keepExpiredMs = 86_400_000;

export function openPrincipalStore(dir: string, now: () => number) {
  const db = openDatabase({ dir, name: 'sts', schema });
  const upsert = db.change(
    `INSERT INTO principals (access_key_id, arn, user_id, tags, session, expires_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (access_key_id) DO UPDATE SET arn = excluded.arn, user_id = excluded.user_id, tags = excluded.tags`,
  );
  const select = db.select(
    'SELECT arn, user_id AS userId, tags, session, expires_at AS expiresAt FROM principals WHERE access_key_id = ?',
    principalRow,
  );
  const deleteExpired = db.change('DELETE FROM principals WHERE expires_at < ?');

  return {
    register({ accessKeyId, arn, tags = {} }: RegisteredPrincipal): void {
      upsert(accessKeyId, arn, userIdOf(arn) ?? accessKeyId, JSON.stringify(tags), null, null);
    },

    /** Returns the new session's access key id. */
    addSession(principal: Principal & { session: RoleSession; expiresAt: number }): string {
      deleteExpired(now() - keepExpiredMs);
      const { arn, userId, tags, session, expiresAt } = principal;
      const accessKeyId = `ASIA${randomName(16)}`;
      upsert(accessKeyId, arn, userId, JSON.stringify(tags), JSON.stringify(session), expiresAt);
      return accessKeyId;
    },

    /** Undefined for an unknown access key. Throws ExpiredTokenException for a session that is over. */
    resolve(accessKeyId: string): Principal | undefined {
      const principal = select.get(accessKeyId);
      if (principal?.expiresAt != null && principal.expiresAt <= now()) {
        throw new AwsError({
          code: 'ExpiredTokenException',
          message: 'The security token included in the request is expired',
          status: 403,
        });
      }
      return principal;
    },

    close: () => db.close(),
  };
}

/** `aws:userid` of a role's session. */
function userIdOf(arn: string): string | undefined {
  const [, account, role, session] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  return session && `${roleId(`arn:aws:iam::${account}:role/${role}`)}:${session}`;
}

/** The same for a role each time. */
export function roleId(roleArn: string): string {
  return `AROA${createHash('sha256').update(roleArn).digest('hex').slice(0, 17).toUpperCase()}`;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** As access key ids are made: capitals and digits, 5 bits of chance each. */
export function randomName(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet.charAt(byte & 31)).join('');
}
