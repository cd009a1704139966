import { accessClaimsSchema } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { createMiddleware } from 'hono/factory';
import type { HttpContext, HttpEnv, HttpEvent, Identity } from './http-env.ts';

/** Lets only requests pass whose JWT, verified by API Gateway's authorizer, is an access token of a user. */
export const requireIdentity = createMiddleware<HttpEnv>(async (c, next) => {
  const claims = accessClaimsSchema.safeParse(claimsOf(c.env.event));
  if (!claims.success) throw new AppError('unauthorized');
  c.set('identity', claims.data);
  await next();
});

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
