import type { Context } from 'hono';

/** The access token of a request, from the Authorization header. */
export function bearerOf(c: Context): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
}
