import { createHash } from 'node:crypto';
import { getCookie, setCookie } from 'hono/cookie';
import type { HttpContext } from '../http/http-env.ts';
import { secureCookie } from '../http/secure-cookie.ts';

/** As long as devices are known. */
const maxAge = 365 * 24 * 3600;

/**
 * What a device is known by: out of reach of scripts and of other sites. It opens nothing, and stays when somebody logs
 * out. Each account has its own, since several people may share a browser.
 */
export function createDeviceCookie(appOrigin: string) {
  const attributes = { path: '/api/auth', httpOnly: true, sameSite: 'Strict', maxAge } as const;
  const cookieOf = (email: string) => {
    const account = createHash('sha256').update(email).digest('hex').slice(0, 12);
    return secureCookie(`top_active_device_${account}`, appOrigin);
  };
  return {
    read: (c: HttpContext, email: string): string | undefined => getCookie(c, cookieOf(email).name),
    write(c: HttpContext, email: string, value: string): void {
      const { name, secure } = cookieOf(email);
      setCookie(c, name, value, { ...attributes, secure });
    },
  };
}
