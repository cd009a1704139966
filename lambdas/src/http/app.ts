import { OpenAPIHono } from '@hono/zod-openapi';
import { logger } from '@top-active/aws';
import { AppError } from '@top-active/core/errors';
import type { FunctionName } from '../functions.ts';
import { fieldProblems } from './field-problems.ts';
import { requireHost } from './host-caller.ts';
import { requestIdOf, type HttpApp, type HttpContext, type HttpEnv } from './http-env.ts';
import { requireIdentity, type IdentityCheck } from './identity.ts';
import { requireJsonBody } from './json-body.ts';
import { invalidRequest, problemContentType, problemOf, refusalOf } from './problem.ts';
import { methodsOf, routesOf } from './route-table.ts';

/**
 * The frame of an HTTP function: problem details for every refusal, JSON bodies only, no caching, and an access token
 * or a signature for each route that `functions.ts` lists with the `jwt` or `iam` authorizer. Routes are added with
 * `app.openapi`.
 * @param check needed as soon as one route asks for a token
 */
export function createApp(name: FunctionName, check?: IdentityCheck): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(fieldProblems(result.error.issues, inputOf(result)));
    },
  });
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
    c.header('x-request-id', requestIdOf(c));
  });
  for (const route of routesOf(name)) {
    if (route.authorizer === 'jwt') {
      if (!check) throw new Error(`${name} has routes for users, and no way to know them`);
      app.on(route.method, honoPath(route.path), requireIdentity(check));
    }
    if (route.authorizer === 'iam') app.on(route.method, honoPath(route.path), requireHost);
  }
  app.use(requireJsonBody);
  app.notFound((c) => problemResponse(c, unknownRoute(c)));
  app.onError((error, c) => {
    const refusal = refusalOf(error);
    if (refusal) {
      logger.info('Request refused', { code: refusal.code, status: refusal.status });
      return problemResponse(c, refusal);
    }
    logger.error('Request failed', {}, error);
    return problemResponse(c, new AppError('internal'));
  });
  return app;
}

function problemResponse(c: HttpContext, refusal: AppError): Response {
  const problem = problemOf(refusal, requestIdOf(c));
  const headers = new Headers({ 'content-type': problemContentType });
  if (refusal.retryAfter !== undefined) headers.set('retry-after', String(refusal.retryAfter));
  if (refusal.code === 'method_not_allowed') headers.set('allow', methodsOf(c.req.path).join(', '));
  return new Response(JSON.stringify(problem), { status: refusal.status, headers });
}

/** What was validated: the validator passes it on, though its type doesn't say so. */
export function inputOf(result: object): unknown {
  return 'data' in result ? result.data : undefined;
}

function unknownRoute(c: HttpContext): AppError {
  return methodsOf(c.req.path).length > 0 ? new AppError('method_not_allowed') : new AppError('not_found');
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
