import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../wire/database.ts';
import { flagColumn, jsonColumn } from './database.ts';
import { cognitoError } from './errors.ts';

const userRow = z.object({
  sub: z.string(),
  poolId: z.string(),
  /** The `sub` in a pool where people sign in with their e-mail address; in a pool of aliases what they chose. */
  username: z.string(),
  /** Lower case. */
  email: z.string(),
  emailVerified: flagColumn,
  status: z.enum(['UNCONFIRMED', 'CONFIRMED']),
  /** Other than sub, email and email_verified. */
  attributes: jsonColumn(z.record(z.string(), z.string())),
  passwordHash: z.string(),
  createdAt: z.number(),
  modifiedAt: z.number(),
  /** Base32; null before AssociateSoftwareToken. */
  totpSecret: z.string().nullable(),
  totpVerified: flagColumn,
  totpEnabled: flagColumn,
  /** Whether GetUser lists it: it still does when a new secret has taken the old one's place. */
  totpListed: flagColumn,
  /** Time step of the last code used, so that none works twice. */
  totpLastStep: z.number(),
});

export type User = z.output<typeof userRow>;
export type UserStore = ReturnType<typeof createUserStore>;

export interface NewUser {
  poolId: string;
  /** In a pool of aliases. */
  username: string | undefined;
  email: string;
  attributes: Record<string, string>;
  passwordHash: string;
}

export function createUserStore(db: Database, now: () => number) {
  const columns = `sub, pool_id AS poolId, username, email, email_verified AS emailVerified, status, attributes,
    password_hash AS passwordHash, created_at AS createdAt, modified_at AS modifiedAt, totp_secret AS totpSecret,
    totp_verified AS totpVerified, totp_enabled AS totpEnabled, totp_last_step AS totpLastStep, totp_listed AS totpListed`;
  const selectBySub = db.select(`SELECT ${columns} FROM users WHERE pool_id = ? AND sub = ?`, userRow);
  const selectByUsername = db.select(`SELECT ${columns} FROM users WHERE pool_id = ? AND username = ?`, userRow);
  const selectByEmail = db.select(`SELECT ${columns} FROM users WHERE pool_id = ? AND sign_in_email = ?`, userRow);
  const selectPage = db.select(
    `SELECT ${columns} FROM users WHERE pool_id = ? AND sub > ? AND status LIKE ? ORDER BY sub LIMIT ?`,
    userRow,
  );
  const insert = db.change(
    `INSERT INTO users (sub, pool_id, username, sign_in_email, email, email_verified, status, attributes, password_hash,
       created_at, modified_at)
     VALUES (?, ?, ?, ?, ?, 0, 'UNCONFIRMED', ?, ?, ?, ?)`,
  );
  const confirm = db.change(
    `UPDATE users SET status = 'CONFIRMED', email_verified = 1, sign_in_email = email, modified_at = ? WHERE sub = ?`,
  );
  const updatePassword = db.change('UPDATE users SET password_hash = ?, modified_at = ? WHERE sub = ?');
  const updateTotpSecret = db.change(
    'UPDATE users SET totp_secret = ?, totp_verified = 0, totp_enabled = 0 WHERE sub = ?',
  );
  const updateTotpVerified = db.change('UPDATE users SET totp_verified = 1 WHERE sub = ?');
  const updateTotpEnabled = db.change(
    'UPDATE users SET totp_enabled = ?, totp_listed = ?, modified_at = ? WHERE sub = ?',
  );
  const updateTotpStep = db.change('UPDATE users SET totp_last_step = ? WHERE sub = ? AND totp_last_step < ?');
  const remove = db.change('DELETE FROM users WHERE sub = ?');

  return {
    /** By e-mail address in any case (in a pool of aliases a confirmed one), or by username. */
    find: (poolId: string, username: string): User | undefined =>
      username.includes('@')
        ? selectByEmail.get(poolId, normalizeUsername(username))
        : selectByUsername.get(poolId, normalizeUsername(username)),

    findBySub: (poolId: string, sub: string): User | undefined => selectBySub.get(poolId, sub),

    /** In the order of their `sub`, after the one given; of one status where it is named. */
    list: (poolId: string, { status, after, limit }: { status: string | undefined; after: string; limit: number }) =>
      selectPage.all(poolId, after, status ?? '%', limit),

    /** Throws UsernameExistsException. */
    add({ poolId, username, email, attributes, passwordHash }: NewUser): User {
      const sub = randomUUID();
      const address = normalizeUsername(email);
      const name = normalizeUsername(username ?? sub);
      const signInEmail = username === undefined ? address : null;
      if (selectByUsername.get(poolId, name) || (signInEmail !== null && selectByEmail.get(poolId, signInEmail)))
        throw cognitoError('UsernameExistsException', 'User already exists');
      insert(sub, poolId, name, signInEmail, address, JSON.stringify(attributes), passwordHash, now(), now());
      const user = selectByUsername.get(poolId, name);
      if (!user) throw new Error('A user that was just added is gone');
      return user;
    },

    confirm: (user: User) => confirm(now(), user.sub),
    setPassword: (user: User, passwordHash: string) => updatePassword(passwordHash, now(), user.sub),
    setTotpSecret: (user: User, secret: string) => updateTotpSecret(secret, user.sub),
    setTotpVerified: (user: User) => updateTotpVerified(user.sub),
    setTotpEnabled: (user: User, enabled: boolean) =>
      updateTotpEnabled(enabled ? 1 : 0, enabled ? 1 : 0, now(), user.sub),
    /** False when that step, or a later one, was used before. */
    useTotpStep: (user: User, step: number): boolean => updateTotpStep(step, user.sub, step) === 1,
    /** With all codes, sessions and tokens. */
    remove: (user: User) => remove(user.sub),
  };
}

/** Usernames are told apart without regard to case. */
export function normalizeUsername(username: string): string {
  return username.toLowerCase();
}

/** All attributes as Cognito lists them. */
export function attributeList(user: User): { Name: string; Value: string }[] {
  const all = {
    ...user.attributes,
    sub: user.sub,
    email_verified: String(user.emailVerified),
    email: user.email,
  };
  return Object.entries(all).map(([Name, Value]) => ({ Name, Value }));
}
