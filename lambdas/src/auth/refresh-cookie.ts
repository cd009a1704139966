import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { HttpContext } from '../http/http-env.ts';
import { secureCookie } from '../http/secure-cookie.ts';

/** As long as the user pool's refresh tokens. */
const maxAge = 30 * 24 * 3600;

/** The refresh token's cookie: out of reach of scripts, of other sites, and of every route but those of `auth`. */
export function createRefreshCookie(appOrigin: string) {
  const { name, secure } = secureCookie('top_active_refresh', appOrigin);
  const attributes = {
    path: '/api/auth',
    httpOnly: true,
    sameSite: 'Strict',
    secure,
  } as const;
  return {
    read: (c: HttpContext) => getCookie(c, name),
    write: (c: HttpContext, value: string) => setCookie(c, name, value, { ...attributes, maxAge }),
    clear: (c: HttpContext) => {
      deleteCookie(c, name, attributes);
    },
  };
}
