import { Hono } from 'hono';
import { createAccounts, publicAccount } from './accounts.ts';
import { authorizationRoutes } from './authorization-routes.ts';
import { calendarPage } from './calendar-page.ts';
import { calendarRoutes } from './calendar-routes.ts';
import { createCallLog, type LoggedCall } from './call-log.ts';
import { createClients } from './clients.ts';
import { parseEventFields } from './event-fields.ts';
import { eventResource } from './event-resource.ts';
import { createEventStore } from './event-store.ts';
import { createFaults, faultSchema, type Fault, type FaultInput } from './faults.ts';
import { createGrants } from './grants.ts';
import { createIdTokens } from './id-tokens.ts';
import { openStorage } from './storage.ts';
import { tokenRoutes } from './token-routes.ts';
import type { GoogleAccount, Now, OAuthClient } from './types.ts';

interface GoogleWorldOptions {
  /** Folder of `google.sqlite`, made when missing. */
  dir: string;
  /** Unix time, milliseconds. */
  now?: Now | undefined;
}

export interface GoogleWorld {
  /** To be mounted at `/google`. */
  app: Hono;
  /** Registers an app as the Cloud console does, or changes it. */
  registerClient(client: OAuthClient): void;
  accounts(): GoogleAccount[];
  ensureAccount(account: { email: string; name?: string | undefined; timeZone?: string | undefined }): GoogleAccount;
  /**
   * Events of an account as the API writes them, cancelled ones included; `undefined` when there is no such account.
   */
  events(email: string): object[] | undefined;
  /** Writes an event as the person would in Google's own interface. @throws {GoogleError} */
  addEvent(email: string, body: unknown): object | undefined;
  /** Ends what the account allowed any app: its refresh tokens answer `invalid_grant` from now on. */
  expireGrant(email: string): void;
  /** Sync tokens given out so far answer 410 from now on. */
  expireSyncTokens(email: string): void;
  /** Replaces all that were set. What is left out has its default. */
  setFaults(faults: FaultInput[]): void;
  faults(): Fault[];
  log(): { counts: Record<string, number>; calls: LoggedCall[] };
  clearLog(): void;
  close(): void;
}

/** The simulated Google: OAuth 2.0, Calendar v3 and a page to see the calendar on. */
export function createGoogleWorld({ dir, now = Date.now }: GoogleWorldOptions): GoogleWorld {
  const storage = openStorage(dir);
  const accounts = createAccounts({ storage, now });
  const clients = createClients(storage);
  const grants = createGrants({ storage, now });
  const idTokens = createIdTokens({ storage, now });
  const store = createEventStore({ storage, now });
  const faults = createFaults();
  const log = createCallLog(now);

  const app = new Hono();
  app.route('/', authorizationRoutes({ accounts, clients, grants }));
  app.route('/', tokenRoutes({ accounts, clients, grants, idTokens, log, faults, now }));
  app.route('/', calendarRoutes({ accounts, grants, faults, log, store }));
  app.route('/', calendarPage({ accounts, store, now }));

  const resourceOf = (email: string) => {
    const account = accounts.find(email);
    const pageUrl = `/google/calendar/${encodeURIComponent(email.toLowerCase())}`;
    return account && { account, pageUrl };
  };

  return {
    app,
    registerClient: (client) => clients.register(client),
    accounts: () => accounts.list().map(publicAccount),
    ensureAccount: (account) => publicAccount(accounts.ensure(account)),
    events(email) {
      const found = resourceOf(email);
      return found && store.list(found.account).map((event) => eventResource({ ...found, event }));
    },
    addEvent(email, body) {
      const found = resourceOf(email);
      return found && eventResource({ ...found, event: store.insert(found.account, parseEventFields(body)) });
    },
    expireGrant: (email) => grants.revokeAccount(email),
    expireSyncTokens: (email) => accounts.expireSyncTokens(email),
    setFaults: (next) => faults.set(next.map((fault) => faultSchema.parse(fault))),
    faults: () => faults.list(),
    log: () => log.read(),
    clearLog: () => log.clear(),
    close() {
      faults.close();
      storage.close();
    },
  };
}
