import { createApp } from '../http/app.ts';
import { hostOf } from '../http/host-caller.ts';
import type { HttpApp } from '../http/http-env.ts';
import { openTenantSessionRoute, takeShardsRoute } from './host-access.routes.ts';
import { openTenantSession, type OpenTenantSessionDeps } from './open-tenant-session.ts';
import { takeShards, type TakeShardsDeps } from './take-shards.ts';

export function createHostAccessApp(deps: OpenTenantSessionDeps & TakeShardsDeps): HttpApp {
  const app = createApp('host-access');

  app.openapi(openTenantSessionRoute, async (c) =>
    c.json(await openTenantSession({ hostId: hostOf(c).hostId, userId: c.req.valid('json').userId }, deps), 200),
  );
  app.openapi(takeShardsRoute, async (c) =>
    c.json(await takeShards({ hostId: hostOf(c).hostId, ...c.req.valid('json') }, deps), 200),
  );
  return app;
}
