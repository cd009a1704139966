import { logger } from '@top-active/aws';
import type { GoogleOutcome } from '@top-active/core/contracts';
import { createApp } from '../http/app.ts';
import type { HttpApp } from '../http/http-env.ts';
import { identityOf, type IdentityCheck } from '../http/identity.ts';
import { beginConsent } from './begin-consent.ts';
import { createBrowserCookie } from './browser-cookie.ts';
import { completeConsent, type ConsentAnswer } from './complete-consent.ts';
import { disconnectGoogle } from './disconnect-google.ts';
import type { GoogleDeps } from './google-deps.ts';
import { connectGoogleRoute, disconnectGoogleRoute, googleCallbackRoute } from './google.routes.ts';

export function createGoogleApp({ appOrigin, ...deps }: GoogleDeps & IdentityCheck & { appOrigin: string }): HttpApp {
  const app = createApp('google', deps);
  const cookie = createBrowserCookie(appOrigin);

  app.openapi(connectGoogleRoute, async (c) => {
    const { url, browser } = await beginConsent(identityOf(c), deps);
    cookie.write(c, browser);
    return c.json({ url }, 200);
  });
  app.openapi(googleCallbackRoute, async (c) => {
    const outcome = await outcomeOf({ ...c.req.valid('query'), browser: cookie.read(c) }, deps);
    logger.info('Google consent ended', { outcome });
    cookie.clear(c);
    return c.redirect(`${appOrigin}/?google=${outcome}`, 302);
  });
  app.openapi(disconnectGoogleRoute, async (c) => {
    await disconnectGoogle(identityOf(c).userId, deps);
    return c.body(null, 204);
  });
  return app;
}

/** A person's browser stands at this address: whatever happens, it must get back to the app. */
async function outcomeOf(answer: ConsentAnswer, deps: GoogleDeps): Promise<GoogleOutcome> {
  try {
    return await completeConsent(answer, deps);
  } catch (error) {
    logger.error('Google consent failed', {}, error);
    return 'failed';
  }
}
