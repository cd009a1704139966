import type { TokenResponse } from '@top-active/core/contracts';
import type { Context } from 'hono';
import type { z } from 'zod';
import { createApp, inputOf } from '../http/app.ts';
import { clientAddress } from '../http/client-address.ts';
import { fieldProblems } from '../http/field-problems.ts';
import type { HttpApp, HttpContext, HttpEnv } from '../http/http-env.ts';
import { refuseForeignOrigin, requireOrigin } from '../http/origin.ts';
import { identityOf, type IdentityCheck } from '../http/identity.ts';
import { invalidRequest } from '../http/problem.ts';
import type { AuthDeps, Caller, Guest, LoggedIn } from './auth-deps.ts';
import {
  confirmRoute,
  eraseMeRoute,
  forgotPasswordRoute,
  loginCodeRoute,
  loginRoute,
  logoutRoute,
  refreshRoute,
  registerRoute,
  resetPasswordRoute,
} from './auth.routes.ts';
import { beginErasure } from './begin-erasure.ts';
import { confirmEmail } from './confirm-email.ts';
import { forgotPassword } from './forgot-password.ts';
import { logIn, logInWithCode } from './log-in.ts';
import { logOut } from './log-out.ts';
import { writeLoginCookie } from './login-cookie.ts';
import type { LoggedInCaller } from './prove-presence.ts';
import { createDeviceCookie } from './device-cookie.ts';
import { createRefreshCookie } from './refresh-cookie.ts';
import { refreshSession } from './refresh-session.ts';
import { register } from './register.ts';
import { resetPassword } from './reset-password.ts';
import { addSecondFactor } from './second-factor.app.ts';
import { tooShortPassword } from './weak-password.ts';

export type AuthAppOptions = AuthDeps & IdentityCheck & { appOrigin: string };

const guestRoutes = [registerRoute, confirmRoute, loginRoute, loginCodeRoute, forgotPasswordRoute, resetPasswordRoute];

export function createAuthApp({ appOrigin, ...deps }: AuthAppOptions): HttpApp {
  const app = createApp('auth', deps);
  const cookie = createRefreshCookie(appOrigin);
  const device = createDeviceCookie(appOrigin);
  const guestOf = (c: HttpContext): Guest => ({ ...callerOf(c), deviceOf: (email) => device.read(c, email) });
  /** Who has proved to be the owner does so from a device that is theirs. */
  const remember = async (c: HttpContext, { email }: { email: string }) =>
    device.write(c, email, await deps.knownDevices.issue(email));
  const answer = (c: Context<HttpEnv>, login: LoggedIn): TokenResponse => {
    cookie.write(c, writeLoginCookie(login));
    const { accessToken, expiresIn, userId } = login;
    return { accessToken, expiresIn, userId };
  };

  for (const { path } of guestRoutes) app.use(path, refuseForeignOrigin(appOrigin));
  for (const route of [refreshRoute, logoutRoute]) app.use(route.path, requireOrigin(appOrigin));

  app.openapi(
    registerRoute,
    async (c) => c.json(await register(c.req.valid('json'), callerOf(c), deps), 202),
    refuseWeakPassword,
  );
  app.openapi(confirmRoute, async (c) => {
    const tokens = await confirmEmail(c.req.valid('json'), callerOf(c), deps);
    await remember(c, c.req.valid('json'));
    return c.json(answer(c, tokens), 200);
  });
  app.openapi(loginRoute, async (c) => {
    const outcome = await logIn(c.req.valid('json'), guestOf(c), deps);
    if (!('accessToken' in outcome)) return c.json(outcome, 202);
    await remember(c, c.req.valid('json'));
    return c.json(answer(c, outcome), 200);
  });
  app.openapi(loginCodeRoute, async (c) => {
    const tokens = await logInWithCode(c.req.valid('json'), guestOf(c), deps);
    await remember(c, c.req.valid('json'));
    return c.json(answer(c, tokens), 200);
  });
  app.openapi(forgotPasswordRoute, async (c) =>
    c.json(await forgotPassword(c.req.valid('json'), callerOf(c), deps), 202),
  );
  app.openapi(
    resetPasswordRoute,
    async (c) => {
      await resetPassword(c.req.valid('json'), guestOf(c), deps);
      await remember(c, c.req.valid('json'));
      return c.body(null, 204);
    },
    refuseWeakPassword,
  );
  app.openapi(refreshRoute, async (c) =>
    c.json(answer(c, await refreshSession(cookie.read(c), callerOf(c), deps)), 200),
  );
  app.openapi(logoutRoute, async (c) => {
    await logOut(cookie.read(c), deps);
    cookie.clear(c);
    clearSite(c);
    return c.body(null, 204);
  });
  app.openapi(eraseMeRoute, async (c) => {
    const erasure = await beginErasure(c.req.valid('json'), loggedInCallerOf(c), deps);
    cookie.clear(c);
    clearSite(c);
    return c.json(erasure, 202);
  });
  addSecondFactor(app, { deps, callerOf: loggedInCallerOf });
  return app;
}

/**
 * The browser forgets what the app kept there. Not `"cookies"`: they would go for every neighbouring name of the
 * operator's domain too, and ours is cleared by its name.
 */
function clearSite(c: HttpContext): void {
  c.header('clear-site-data', '"cache", "storage"');
}

function callerOf(c: Context<HttpEnv>): Caller {
  return { address: clientAddress(c) };
}

function loggedInCallerOf(c: HttpContext): LoggedInCaller {
  return { ...callerOf(c), userId: identityOf(c).userId };
}

/** For routes that take a new password: one that is too short is refused as a weak one. */
function refuseWeakPassword(result: { success: true } | { success: false; error: z.ZodError }): undefined {
  if (result.success) return undefined;
  const errors = fieldProblems(result.error.issues, inputOf(result));
  throw tooShortPassword(result.error.issues) ?? invalidRequest(errors);
}
