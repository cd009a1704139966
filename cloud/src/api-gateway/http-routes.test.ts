import { describe, expect, it } from 'vitest';
import { createRouteMatcher } from './http-routes.ts';

function matcher(...keys: string[]) {
  const match = createRouteMatcher(keys.map((key) => ({ key, functionName: 'any' })));
  return (method: string, path: string) => match(method, path)?.route.key;
}

describe('routes of an HTTP API', () => {
  // The examples of https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1'],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}'],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}'],
    ['POST', '/test/5', 'ANY /{proxy+}'],
  ])('sends %s %s to %s', (method, path, key) => {
    const route = matcher('GET /pets/{proxy+}', '$default', 'ANY /{proxy+}', 'GET /pets/dog/{id}', 'GET /pets/dog/1');
    expect(route(method, path)).toBe(key);
  });

  it('falls back to $default, and to nothing without it', () => {
    expect(matcher('GET /a', '$default')('GET', '/b')).toBe('$default');
    expect(matcher('GET /a')('GET', '/b')).toBeUndefined();
    expect(matcher('GET /a')('POST', '/a')).toBeUndefined();
  });

  it('prefers text to a variable from the left, and a method to ANY', () => {
    const route = matcher('ANY /a/{x}', 'GET /a/{x}', 'GET /{y}/b', 'GET /a/{x}/c');
    expect(route('GET', '/a/b')).toBe('GET /a/{x}');
    expect(route('PUT', '/a/b')).toBe('ANY /a/{x}');
    expect(route('GET', '/z/b')).toBe('GET /{y}/b');
    expect(route('GET', '/a/b/c')).toBe('GET /a/{x}/c');
  });

  it('takes the longer of two greedy routes', () => {
    const route = matcher('ANY /{proxy+}', 'ANY /api/{proxy+}', 'ANY /api/auth/{proxy+}');
    expect(route('GET', '/api/auth/me')).toBe('ANY /api/auth/{proxy+}');
    expect(route('GET', '/api/me')).toBe('ANY /api/{proxy+}');
    expect(route('GET', '/me')).toBe('ANY /{proxy+}');
  });

  it('names what the variables stand for', () => {
    const match = createRouteMatcher([
      { key: 'GET /chats/{id}/messages', functionName: 'a' },
      { key: 'ANY /files/{path+}', functionName: 'b' },
    ]);
    expect(match('GET', '/chats/5511@c.us/messages')?.pathParameters).toEqual({ id: '5511@c.us' });
    expect(match('PUT', '/files/a/b c')?.pathParameters).toEqual({ path: 'a/b c' });
    expect(match('PUT', '/files/')).toBeUndefined();
    expect(match('GET', '/chats//messages')).toBeUndefined();
  });

  it.each(['GET pets', 'FETCH /pets', 'GET /{a+}/b', '/pets'])('refuses the key %s', (key) => {
    expect(() => matcher(key)).toThrow(`"${key}"`);
  });

  it('refuses a key that is given twice', () => {
    expect(() => matcher('GET /a', 'GET /a')).toThrow('GET /a');
  });
});
