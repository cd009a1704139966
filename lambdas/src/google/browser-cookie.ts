import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { HttpContext } from '../http/http-env.ts';
import { secureCookie } from '../http/secure-cookie.ts';

const maxAge = 600;

/** Binds a consent to the browser that began it. Lax: it must come along when Google sends the browser back. */
export function createBrowserCookie(appOrigin: string) {
  const { name, secure } = secureCookie('top_active_google', appOrigin);
  const attributes = {
    path: '/api/google',
    httpOnly: true,
    sameSite: 'Lax',
    secure,
  } as const;
  return {
    read: (c: HttpContext) => getCookie(c, name),
    write: (c: HttpContext, nonce: string) => setCookie(c, name, nonce, { ...attributes, maxAge }),
    clear: (c: HttpContext) => {
      deleteCookie(c, name, attributes);
    },
  };
}
