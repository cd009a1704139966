/**
 * What a cookie is called, and whether it asks for HTTPS. A browser takes a name with `__Secure-` only together with
 * `Secure` and from a page that HTTPS (or this machine) has served: no page of a neighbouring name, and nobody on the
 * way, can put another in its place. On the laptop's http://127.0.0.1 Chromium and Firefox would take it too, but
 * Safari keeps no `Secure` cookie from there, and nobody could stay logged in.
 */
export function secureCookie(name: string, appOrigin: string): { name: string; secure: boolean } {
  const secure = new URL(appOrigin).protocol === 'https:';
  return { name: secure ? `__Secure-${name}` : name, secure };
}
