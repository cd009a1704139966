import type { Tenants } from '@top-active/aws';
import type { HealthResponse } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { createApp } from '../http/app.ts';
import type { HttpApp, HttpContext } from '../http/http-env.ts';
import { identityOf, type IdentityCheck } from '../http/identity.ts';
import { createOpenApiDocument } from '../http/openapi.ts';
import {
  createTicketRoute,
  getEventsRoute,
  getHealthRoute,
  getMeRoute,
  getOpenApiRoute,
  updateMeRoute,
} from './account.routes.ts';

export interface AccountAppOptions extends IdentityCheck {
  tenants: Tenants;
  appOrigin: string;
  version: string;
  /** Whether WhatsApp, Google and OpenAI are the simulated ones. */
  simulated: boolean;
}

export function createAccountApp({
  tenants,
  appOrigin,
  version,
  simulated,
  verifyAccessToken,
}: AccountAppOptions): HttpApp {
  const app = createApp('account', { verifyAccessToken, tenants });
  const tenantOf = (c: HttpContext) => tenants.for(identityOf(c).userId);
  const health: HealthResponse = { status: 'ok', version, simulated };

  app.openapi(getMeRoute, async (c) => {
    const profile = await (await tenantOf(c)).profile.get();
    if (!profile) throw new AppError('not_found', { detail: 'You have no profile yet.', remedy: 'Log in again.' });
    return c.json(profile, 200);
  });
  app.openapi(updateMeRoute, async (c) => c.json(await (await tenantOf(c)).profile.update(c.req.valid('json')), 200));
  app.openapi(getEventsRoute, async (c) => {
    const tenant = await tenantOf(c);
    return c.json(await tenant.events.after(c.req.valid('query').after), 200);
  });
  app.openapi(createTicketRoute, async (c) => {
    const tenant = await tenantOf(c);
    return c.json(await tenant.tickets.issue({ sessionId: identityOf(c).sessionId }), 201);
  });
  app.openapi(getHealthRoute, (c) => c.json(health, 200));
  app.get(getOpenApiRoute.path, (c) => c.json(createOpenApiDocument({ origin: appOrigin, version })));
  return app;
}
