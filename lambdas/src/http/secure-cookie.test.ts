import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createRefreshCookie } from '../auth/refresh-cookie.ts';
import { createBrowserCookie } from '../google/browser-cookie.ts';
import type { HttpEnv } from './http-env.ts';

const makers = [
  ['the refresh token', createRefreshCookie],
  ['a consent', createBrowserCookie],
] as const;

describe.each(makers)('the cookie of %s', (_, make) => {
  function serve(appOrigin: string) {
    const cookie = make(appOrigin);
    const app = new Hono<HttpEnv>();
    app.post('/write', (c) => {
      cookie.write(c, 'secret');
      return c.body(null, 204);
    });
    app.post('/clear', (c) => {
      cookie.clear(c);
      return c.body(null, 204);
    });
    app.get('/read', (c) => c.text(cookie.read(c) ?? 'none'));
    return async (method: string, path: string, cookies = '') => {
      const response = await app.request(path, { method, headers: { cookie: cookies } });
      return { set: response.headers.get('set-cookie') ?? '', text: await response.text() };
    };
  }

  it('has a name that browsers keep for HTTPS, and is found under no other', async () => {
    const ask = serve('https://app.example.com');
    const { set } = await ask('POST', '/write');
    expect(set).toMatch(/^__Secure-top_active_\w+=secret;.*; HttpOnly; Secure; SameSite=/);
    const [pair = ''] = set.split(';');
    expect((await ask('GET', '/read', pair)).text).toBe('secret');
    expect((await ask('GET', '/read', pair.replace('__Secure-', ''))).text).toBe('none');
    expect((await ask('POST', '/clear')).set).toMatch(/^__Secure-top_active_\w+=; Max-Age=0;.*Secure/);
  });

  it('goes without on the laptop’s HTTP', async () => {
    const { set } = await serve('http://127.0.0.1:5000')('POST', '/write');
    expect(set).toMatch(/^top_active_\w+=secret;/);
    expect(set).not.toContain('Secure');
  });
});
