import { createApp } from '../http/app.ts';
import { clientAddress } from '../http/client-address.ts';
import type { HttpApp, HttpContext } from '../http/http-env.ts';
import { identityOf, type IdentityCheck } from '../http/identity.ts';
import { deleteOpenAiKeyRoute, listCredentialsRoute, putOpenAiKeyRoute } from './credentials.routes.ts';
import { storeOpenAiKey, type CredentialsDeps } from './store-openai-key.ts';

export function createCredentialsApp(deps: CredentialsDeps & IdentityCheck): HttpApp {
  const app = createApp('credentials', deps);
  const tenantOf = (c: HttpContext) => deps.tenants.for(identityOf(c).userId);

  app.openapi(listCredentialsRoute, async (c) => c.json({ items: await (await tenantOf(c)).credentials.list() }, 200));
  app.openapi(putOpenAiKeyRoute, async (c) => {
    const { key } = c.req.valid('json');
    const caller = { userId: identityOf(c).userId, address: clientAddress(c) };
    return c.json(await storeOpenAiKey({ key, ...caller }, deps), 200);
  });
  app.openapi(deleteOpenAiKeyRoute, async (c) => {
    await (await tenantOf(c)).credentials.remove('openai');
    return c.body(null, 204);
  });
  return app;
}
