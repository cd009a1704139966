import { z } from 'zod';
import type { Database } from '../wire/database.ts';
import { notAuthorized } from './errors.ts';
import { hashToken, newOpaqueToken } from './opaque-token.ts';
import type { Client } from './pool-store.ts';
import type { User } from './user-store.ts';

const sessionRow = z.object({ sub: z.string(), clientId: z.string(), expiresAt: z.number() });

/** What a `Session` string is good for next. */
export type FlowStep = 'confirm-sign-up' | 'first-sign-in' | 'software-token-mfa';

export interface FlowSessionUse {
  session: string;
  step: FlowStep;
  user: User;
  client: Client;
}

export type FlowSessionStore = ReturnType<typeof createFlowSessionStore>;

/** The `Session` strings that tie the steps of signing up and in together. */
export function createFlowSessionStore(db: Database, now: () => number) {
  const insert = db.change('INSERT INTO flow_sessions (hash, sub, client_id, step, expires_at) VALUES (?, ?, ?, ?, ?)');
  const select = db.select(
    'SELECT sub, client_id AS clientId, expires_at AS expiresAt FROM flow_sessions WHERE hash = ? AND step = ?',
    sessionRow,
  );
  const remove = db.change('DELETE FROM flow_sessions WHERE hash = ?');
  const removeLongExpired = db.change('DELETE FROM flow_sessions WHERE expires_at < ?');

  return {
    start(user: User, client: Client, step: FlowStep): string {
      removeLongExpired(now() - 86_400_000);
      const { token, hash } = newOpaqueToken();
      insert(hash, user.sub, client.id, step, now() + client.config.AuthSessionValidity * 60_000);
      return token;
    },

    isGood({ session, step, user, client }: FlowSessionUse): boolean {
      const found = select.get(hashToken(session), step);
      return found?.sub === user.sub && found.clientId === client.id && found.expiresAt > now();
    },

    /** Throws NotAuthorizedException. */
    check({ session, step, user, client }: FlowSessionUse): void {
      const found = select.get(hashToken(session), step);
      if (!found || found.sub !== user.sub || found.clientId !== client.id) {
        throw notAuthorized('Invalid session for the user.');
      }
      if (found.expiresAt <= now()) throw notAuthorized('Invalid session for the user, session is expired.');
    },

    useUp(session: string): void {
      remove(hashToken(session));
    },
  };
}
