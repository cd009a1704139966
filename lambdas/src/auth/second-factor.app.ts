import type { HttpApp, HttpContext } from '../http/http-env.ts';
import type { AuthDeps } from './auth-deps.ts';
import type { LoggedInCaller } from './prove-presence.ts';
import {
  beginSecondFactorRoute,
  confirmSecondFactorRoute,
  endSecondFactorRoute,
  getSecondFactorRoute,
} from './second-factor.routes.ts';
import { beginSecondFactor, confirmSecondFactor, endSecondFactor, hasSecondFactor } from './switch-second-factor.ts';

/** The routes of the second factor, for somebody who is logged in. */
export function addSecondFactor(
  app: HttpApp,
  { deps, callerOf }: { deps: AuthDeps; callerOf: (c: HttpContext) => LoggedInCaller },
): void {
  app.openapi(getSecondFactorRoute, async (c) => c.json({ on: await hasSecondFactor(callerOf(c), deps) }, 200));
  app.openapi(beginSecondFactorRoute, async (c) =>
    c.json(await beginSecondFactor(c.req.valid('json'), callerOf(c), deps), 201),
  );
  app.openapi(confirmSecondFactorRoute, async (c) => {
    await confirmSecondFactor(c.req.valid('json'), callerOf(c), deps);
    return c.body(null, 204);
  });
  app.openapi(endSecondFactorRoute, async (c) => {
    await endSecondFactor(c.req.valid('json'), callerOf(c), deps);
    return c.body(null, 204);
  });
}
