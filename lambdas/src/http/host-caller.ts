import { AppError } from '@top-active/core/errors';
import { createMiddleware } from 'hono/factory';
import { z } from 'zod';
import type { HostCaller, HttpContext, HttpEnv, HttpEvent } from './http-env.ts';

/** A session of a role: nobody can choose its name but who may hand out the role, and that is ECS alone. */
const iamSchema = z
  .object({ callerId: z.string(), userArn: z.string() })
  .refine(({ callerId, userArn }) => /^AROA\w+:.+$/.test(callerId) && sessionOf(userArn) === sessionOf(callerId));

/** Lets only requests pass that API Gateway has found signed by a role's session. Who it is, no body can say. */
export const requireHost = createMiddleware<HttpEnv>(async function requireHost(c, next) {
  const caller = iamSchema.safeParse(iamOf(c.env.event));
  if (!caller.success) throw new AppError('host_refused', { detail: 'The caller is no session of a role.' });
  c.set('host', { hostId: caller.data.callerId });
  await next();
});

/** Who asks. Only in routes that `functions.ts` lists with the `iam` authorizer. */
export function hostOf(c: HttpContext): HostCaller {
  const host = c.get('host') as HostCaller | undefined;
  if (!host) throw new Error('This route has no IAM authorizer');
  return host;
}

function iamOf(event: HttpEvent): unknown {
  const authorizer = 'authorizer' in event.requestContext ? event.requestContext.authorizer : undefined;
  return authorizer && 'iam' in authorizer ? authorizer.iam : undefined;
}

/** After the last `/` of an ARN, or the `:` of a caller id. */
function sessionOf(name: string): string | undefined {
  return /[/:]([^/:]+)$/.exec(name)?.[1];
}
