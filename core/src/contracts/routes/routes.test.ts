import { describe, expect, it } from 'vitest';
import { addressOf, apiRoutes, askRoute, findRoute, hostAccessRoutes } from './index.ts';

describe('a question to a route', () => {
  it('has the address with its parameters and query filled in, and nothing of what is left out', () => {
    expect(addressOf('DELETE /api/chats/{id}/merged/{mergedId}', { params: { id: 'a/b', mergedId: 'c?d' } })).toBe(
      '/api/chats/a%2Fb/merged/c%3Fd',
    );
    expect(addressOf('GET /api/events', { query: { after: 3, limit: undefined } })).toBe('/api/events?after=3');
  });

  it('carries body and headers, and what its answer is read with', () => {
    const { answer, ...request } = askRoute(apiRoutes, 'POST /api/chats/{id}/messages', {
      params: { id: '1' },
      headers: { 'idempotency-key': undefined },
      body: { text: 'Oi' },
    });
    expect(request).toEqual({ method: 'POST', path: '/api/chats/1/messages', headers: {}, body: { text: 'Oi' } });
    expect(answer.safeParse({ text: 'Oi' }).success).toBe(false);
  });

  it('is answered by any of the shapes that the route has, or by nothing', () => {
    const { answer } = askRoute(apiRoutes, 'POST /api/auth/login', { body: { email: 'a@b.c', password: 'x' } });
    expect(answer.parse({ session: 's' })).toEqual({ session: 's' });
    expect(answer.safeParse({}).success).toBe(false);
    expect(askRoute(apiRoutes, 'POST /api/auth/logout').answer.parse(undefined)).toBeUndefined();
  });

  it('does not compile with another path, parameter, body or answer', () => {
    // @ts-expect-error -- the path is of no route
    expect(() => askRoute(apiRoutes, 'GET /api/nothing')).toThrow('no GET /api/nothing');
    // @ts-expect-error -- the parameter is missing
    askRoute(apiRoutes, 'POST /api/suggestions/{id}/dismiss');
    // @ts-expect-error -- the body is missing
    askRoute(apiRoutes, 'PUT /api/credentials/openai');
    // @ts-expect-error -- the body has another shape
    askRoute(apiRoutes, 'PUT /api/credentials/openai', { body: { token: 'sk-1' } });
    // @ts-expect-error -- the route takes no body
    askRoute(apiRoutes, 'GET /api/me', { body: {} });
    const { answer } = askRoute(apiRoutes, 'GET /api/me');
    // @ts-expect-error -- the answer has no such field
    expect(() => answer.parse({}).surname).toThrow('email');
  });
});

describe('the table of routes', () => {
  it('leads from an address to its route, by method and by each part of the path', () => {
    expect(findRoute(apiRoutes, { method: 'DELETE', path: '/api/chats/1/merged/2' })).toEqual({
      line: 'DELETE /api/chats/{id}/merged/{mergedId}',
      params: { id: '1', mergedId: '2' },
    });
    expect(findRoute(apiRoutes, { method: 'PUT', path: '/api/me' })).toBeUndefined();
    expect(findRoute(apiRoutes, { method: 'GET', path: '/api/me/' })).toBeUndefined();
  });

  it('keeps what a browser may reach under /api/, and what only roles may ask outside it', () => {
    for (const [line, { access }] of Object.entries({ ...apiRoutes, ...hostAccessRoutes }))
      expect([line, access === 'iam']).toEqual([line, !line.includes(' /api/')]);
  });
});
