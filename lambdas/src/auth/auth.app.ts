import type { Tokens } from '@top-active/aws';
import type { TokenResponse } from '@top-active/core/contracts';
import type { Context } from 'hono';
import { createApp, inputOf } from '../http/app.ts';
import { clientAddress } from '../http/client-address.ts';
import { fieldProblems } from '../http/field-problems.ts';
import type { HttpApp, HttpEnv } from '../http/http-env.ts';
import { refuseForeignOrigin, requireOrigin } from '../http/origin.ts';
import { identityOf } from '../http/identity.ts';
import { invalidRequest } from '../http/problem.ts';
import type { AuthDeps, Caller } from './auth-deps.ts';
import { confirmRoute, eraseMeRoute, loginRoute, logoutRoute, refreshRoute, registerRoute } from './auth.routes.ts';
import { beginErasure } from './begin-erasure.ts';
import { confirmEmail } from './confirm-email.ts';
import { logIn } from './log-in.ts';
import { logOut } from './log-out.ts';
import { createRefreshCookie } from './refresh-cookie.ts';
import { refreshSession } from './refresh-session.ts';
import { register } from './register.ts';
import { tooShortPassword } from './weak-password.ts';

export interface AuthAppOptions extends AuthDeps {
  appOrigin: string;
}

export function createAuthApp({ appOrigin, ...deps }: AuthAppOptions): HttpApp {
  const app = createApp('auth');
  const cookie = createRefreshCookie(appOrigin);
  const answer = (c: Context<HttpEnv>, { refreshToken, accessToken, expiresIn, userId }: Tokens): TokenResponse => {
    cookie.write(c, refreshToken);
    return { accessToken, expiresIn, userId };
  };

  for (const route of [registerRoute, confirmRoute, loginRoute]) app.use(route.path, refuseForeignOrigin(appOrigin));
  for (const route of [refreshRoute, logoutRoute]) app.use(route.path, requireOrigin(appOrigin));

  app.openapi(
    registerRoute,
    async (c) => c.json(await register(c.req.valid('json'), callerOf(c), deps), 202),
    (result) => {
      if (result.success) return;
      const errors = fieldProblems(result.error.issues, inputOf(result));
      throw tooShortPassword(result.error.issues) ?? invalidRequest(errors);
    },
  );
  app.openapi(confirmRoute, async (c) =>
    c.json(answer(c, await confirmEmail(c.req.valid('json'), callerOf(c), deps)), 200),
  );
  app.openapi(loginRoute, async (c) => c.json(answer(c, await logIn(c.req.valid('json'), callerOf(c), deps)), 200));
  app.openapi(refreshRoute, async (c) =>
    c.json(answer(c, await refreshSession(cookie.read(c), callerOf(c), deps)), 200),
  );
  app.openapi(logoutRoute, async (c) => {
    await logOut(cookie.read(c), deps);
    cookie.clear(c);
    return c.body(null, 204);
  });
  app.openapi(eraseMeRoute, async (c) => {
    const caller = { ...callerOf(c), userId: identityOf(c).userId };
    const erasure = await beginErasure(c.req.valid('json'), caller, deps);
    cookie.clear(c);
    return c.json(erasure, 202);
  });
  return app;
}

function callerOf(c: Context<HttpEnv>): Caller {
  return { address: clientAddress(c) };
}
