import { createMiddleware } from 'hono/factory';
import type { Accounts, StoredAccount } from './accounts.ts';
import { bearerOf } from './bearer.ts';
import type { CallLog } from './call-log.ts';
import type { Faults } from './faults.ts';
import { GoogleError, scopeMissing, sendGoogleError, unauthorized } from './google-error.ts';
import type { Grants } from './grants.ts';
import { methodScopes, type CalendarMethod } from './scopes.ts';

export interface GuardParts {
  accounts: Accounts;
  grants: Grants;
  faults: Faults;
  log: CallLog;
}

export interface CalendarEnv {
  Variables: { account: StoredAccount };
}

/** Logs the call, lets faults strike, then demands a live token with a scope that opens the method. */
export function createGuard({ accounts, grants, faults, log }: GuardParts) {
  return (method: CalendarMethod) =>
    createMiddleware<CalendarEnv>(async (c, next) => {
      const token = bearerOf(c);
      const found = token === undefined ? undefined : grants.findAccessToken(token);
      const account = found && accounts.find(found.email);
      const entry = log.begin(method, account?.email);
      try {
        await faults.strike({ operation: method, account: account?.email, signal: c.req.raw.signal });
        if (token === undefined) throw unauthorized('Login Required.');
        if (!found || !account) throw unauthorized();
        const scopes = methodScopes[method];
        if (!scopes.some((scope) => found.scopes.includes(scope))) throw scopeMissing(method, scopes);
        c.set('account', account);
      } catch (error) {
        if (!(error instanceof GoogleError)) throw error;
        entry.status = error.options.code;
        return sendGoogleError(c, error);
      }
      await next();
      entry.status = c.res.status;
      return undefined;
    });
}
