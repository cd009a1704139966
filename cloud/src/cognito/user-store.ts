import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../wire/database.ts';
import { flagColumn, jsonColumn } from './database.ts';
import { cognitoError } from './errors.ts';

const userRow = z.object({
  /** Also the username. */
  sub: z.string(),
  poolId: z.string(),
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
  /** Time step of the last code used, so that none works twice. */
  totpLastStep: z.number(),
});

export type User = z.output<typeof userRow>;
export type UserStore = ReturnType<typeof createUserStore>;

export interface NewUser {
  poolId: string;
  email: string;
  attributes: Record<string, string>;
  passwordHash: string;
}

export function createUserStore(db: Database, now: () => number) {
  const columns = `sub, pool_id AS poolId, email, email_verified AS emailVerified, status, attributes,
    password_hash AS passwordHash, created_at AS createdAt, modified_at AS modifiedAt, totp_secret AS totpSecret,
    totp_verified AS totpVerified, totp_enabled AS totpEnabled, totp_last_step AS totpLastStep`;
  const selectBySub = db.select(`SELECT ${columns} FROM users WHERE pool_id = ? AND sub = ?`, userRow);
  const selectByEmail = db.select(`SELECT ${columns} FROM users WHERE pool_id = ? AND email = ?`, userRow);
  const insert = db.change(
    `INSERT INTO users (sub, pool_id, email, email_verified, status, attributes, password_hash, created_at, modified_at)
     VALUES (?, ?, ?, 0, 'UNCONFIRMED', ?, ?, ?, ?)`,
  );
  const confirm = db.change(`UPDATE users SET status = 'CONFIRMED', email_verified = 1, modified_at = ? WHERE sub = ?`);
  const updatePassword = db.change('UPDATE users SET password_hash = ?, modified_at = ? WHERE sub = ?');
  const updateTotpSecret = db.change(
    'UPDATE users SET totp_secret = ?, totp_verified = 0, totp_enabled = 0 WHERE sub = ?',
  );
  const updateTotpVerified = db.change('UPDATE users SET totp_verified = 1 WHERE sub = ?');
  const updateTotpEnabled = db.change('UPDATE users SET totp_enabled = ?, modified_at = ? WHERE sub = ?');
  const updateTotpStep = db.change('UPDATE users SET totp_last_step = ? WHERE sub = ? AND totp_last_step < ?');
  const remove = db.change('DELETE FROM users WHERE sub = ?');

  return {
    /** By e-mail address in any case, or by sub. */
    find: (poolId: string, username: string): User | undefined =>
      username.includes('@')
        ? selectByEmail.get(poolId, normalizeUsername(username))
        : selectBySub.get(poolId, normalizeUsername(username)),

    /** Throws UsernameExistsException. */
    add({ poolId, email, attributes, passwordHash }: NewUser): User {
      const sub = randomUUID();
      const address = normalizeUsername(email);
      if (selectByEmail.get(poolId, address)) throw cognitoError('UsernameExistsException', 'User already exists');
      insert(sub, poolId, address, JSON.stringify(attributes), passwordHash, now(), now());
      const user = selectBySub.get(poolId, sub);
      if (!user) throw new Error('A user that was just added is gone');
      return user;
    },

    confirm: (user: User) => confirm(now(), user.sub),
    setPassword: (user: User, passwordHash: string) => updatePassword(passwordHash, now(), user.sub),
    setTotpSecret: (user: User, secret: string) => updateTotpSecret(secret, user.sub),
    setTotpVerified: (user: User) => updateTotpVerified(user.sub),
    setTotpEnabled: (user: User, enabled: boolean) => updateTotpEnabled(enabled ? 1 : 0, now(), user.sub),
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
