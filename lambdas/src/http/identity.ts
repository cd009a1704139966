import { logger, type Tenants } from '@top-active/aws';
import { accessClaimsSchema } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { createMiddleware } from 'hono/factory';
import type { VerifyAccessToken } from './access-token.ts';
import type { HttpContext, HttpEnv, HttpEvent, Identity } from './http-env.ts';

/** The claims of API Gateway's authorizer are believed by nobody: who asks, says the token itself. */
export interface IdentityCheck {
  verifyAccessToken: VerifyAccessToken;
  tenants: Pick<Tenants, 'for'>;
}

/**
 * Lets only requests pass that bring an access token of a user, verified here once more. API Gateway's authorizer must
 * have read the same: where it hasn't, the route lost it, and stays shut. The token's login must be under way.
 */
export function requireIdentity({ verifyAccessToken, tenants }: IdentityCheck) {
  return createMiddleware<HttpEnv>(async function requireIdentity(c, next) {
    const identity = await verifyAccessToken(c.req.header('authorization'));
    if (!identity) throw new AppError('unauthorized');
    const told = accessClaimsSchema.safeParse(claimsOf(c.env.event)).data;
    if (told?.userId !== identity.userId || told.sessionId !== identity.sessionId) {
      logger.error('API Gateway has not verified this access token: is the authorizer of the route gone?');
      throw new AppError('unauthorized');
    }
    // It is good for ten minutes; its login may have ended, or its owner be erased, a second ago.
    const { logins } = await tenants.for(identity.userId);
    if (!(await logins.isLive(identity.sessionId))) throw new AppError('unauthorized');
    c.set('identity', identity);
    await next();
  });
}

/** Who asks. Only in routes that `functions.ts` lists with the `jwt` authorizer. */
export function identityOf(c: HttpContext): Identity {
  const identity = c.get('identity') as Identity | undefined;
  if (!identity) throw new Error('This route has no JWT authorizer');
  return identity;
}

function claimsOf(event: HttpEvent): unknown {
  const authorizer = 'authorizer' in event.requestContext ? event.requestContext.authorizer : undefined;
  return authorizer && 'jwt' in authorizer ? authorizer.jwt.claims : undefined;
}
