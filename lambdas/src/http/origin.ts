import { AppError } from '@top-active/core/errors';
import { createMiddleware } from 'hono/factory';
import { z } from 'zod';
import type { HttpEnv } from './http-env.ts';

/** Origin of the app's pages, as browsers write it in the Origin header. */
export const appOriginSchema = z.url().transform((url) => new URL(url).origin);

/** For routes that act on a cookie: the browser must say that the request comes from the app's own pages. */
export function requireOrigin(appOrigin: string) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    if (c.req.header('origin') !== appOrigin) throw new AppError('forbidden_origin');
    await next();
  });
}

/** Whether a browser says that a page of somebody else asks. Clients that are no browsers say nothing. */
export function isForeignOrigin(origin: string | undefined, appOrigin: string): boolean {
  return origin !== undefined && origin !== appOrigin;
}

/**
 * For routes that set a cookie: a foreign page may not log its visitor in. Clients that aren't browsers send no Origin.
 */
export function refuseForeignOrigin(appOrigin: string) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    if (isForeignOrigin(c.req.header('origin'), appOrigin)) throw new AppError('forbidden_origin');
    await next();
  });
}
