import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpApi, PortTakenError, type HttpApi, type HttpApiOptions } from './index.ts';
import type { HttpApiEvent } from './http-event.ts';

const open: HttpApi[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

/** An API whose function `probe` answers what `result` makes of the event. */
async function start(result: (event: HttpApiEvent) => unknown, options: Partial<HttpApiOptions> = {}) {
  const events: HttpApiEvent[] = [];
  const errors: unknown[] = [];
  const api = await createHttpApi({
    routes: [
      { key: 'GET /items/{id}', functionName: 'probe' },
      { key: 'ANY /all/{proxy+}', functionName: 'probe' },
      { key: 'HEAD /items/{id}', functionName: 'probe' },
    ],
    invoke: (_, event) => {
      // Through JSON, as on the way to Lambda.
      const received: HttpApiEvent = JSON.parse(JSON.stringify(event));
      events.push(received);
      return Promise.resolve().then(() => result(received));
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  open.push(api);
  return { api, events, errors, call: (path: string, init?: RequestInit) => fetch(`${api.endpoint}${path}`, init) };
}

describe('event of an HTTP API', () => {
  it('has payload format 2.0', async () => {
    const { api, events, call } = await start(() => ({ statusCode: 204 }));
    const before = Date.now();
    await call('/items/a%20b%40c?x=1&y=%2F&x=2', { headers: { Cookie: 'a=1; b=2', 'X-Thing': 'yes' } });
    const { host, port } = new URL(api.endpoint);
    const [event] = events;
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'GET /items/{id}',
      rawPath: '/items/a b@c',
      rawQueryString: 'x=1&y=%2F&x=2',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({
        host,
        'x-thing': 'yes',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': port,
        'x-forwarded-proto': 'http',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      }),
      queryStringParameters: { x: '1,2', y: '/' },
      pathParameters: { id: 'a b@c' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: host,
        domainPrefix: '127',
        http: {
          method: 'GET',
          path: '/items/a b@c',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'node',
        },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        routeKey: 'GET /items/{id}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect(event?.headers).not.toHaveProperty('cookie');
    expect(event?.headers).not.toHaveProperty('connection');
    expect(event?.requestContext).toHaveProperty(
      'timeEpoch',
      expect.toSatisfy((at: number) => at >= before),
    );
  });

  it('joins headers that come more than once with a comma and appends to the addresses the request came through', async () => {
    const { api, events } = await start(() => ({ statusCode: 200, body: 'x' }));
    await sendRaw(
      api,
      'GET /items/1 HTTP/1.1\r\nHost: api\r\nX-Part: a\r\nX-Part: b\r\nX-Forwarded-For: 1.2.3.4\r\nConnection: close\r\n\r\n',
    );
    expect(events[0]?.headers).toMatchObject({ host: 'api', 'x-part': 'a,b', 'x-forwarded-for': '1.2.3.4, 127.0.0.1' });
  });

  it.each([
    ['application/json; charset=utf-8', '{"ç":1}', false],
    ['text/csv', 'a;ã', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/octet-stream', 'bytes', true],
    ['multipart/form-data; boundary=x', '--x--', true],
  ])('carries a body of type %s', async (type, text, isBase64Encoded) => {
    const { events, call } = await start(() => ({ statusCode: 200 }));
    await call('/all/x', { method: 'POST', body: text, headers: { 'content-type': type } });
    expect(events[0]).toMatchObject({
      isBase64Encoded,
      body: isBase64Encoded ? Buffer.from(text).toString('base64') : text,
    });
    expect(events[0]?.headers['content-length']).toBe(String(Buffer.byteLength(text)));
  });

  it('says that a compressed body is binary, whatever its type', async () => {
    const { events, call } = await start(() => ({ statusCode: 200 }));
    const body = new Uint8Array([0x1f, 0x8b, 0xff, 0x00]);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    await call('/all/x', { method: 'PUT', body, headers });
    expect(events[0]).toMatchObject({ isBase64Encoded: true, body: Buffer.from(body).toString('base64') });
  });
});

describe('answer of an HTTP API', () => {
  it('is what the function says', async () => {
    const { call } = await start(() => ({
      statusCode: 201,
      headers: { 'X-Count': 3, 'content-type': 'application/problem+json', 'content-length': 999 },
      cookies: ['a=1; HttpOnly', 'b=2'],
      body: '{"é":true}',
    }));
    const response = await call('/items/1');
    expect(response.status).toBe(201);
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
    expect(response.headers.get('apigw-requestid')).toMatch(/\S/);
    expect(await response.text()).toBe('{"é":true}');
  });

  it('is text unless the function says otherwise', async () => {
    const { call } = await start(() => ({ statusCode: 200, body: 'olá' }));
    const response = await call('/items/1');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe('olá');
  });

  it('may be binary', async () => {
    const { call } = await start(() => ({ statusCode: 200, body: '/wD+', isBase64Encoded: true }));
    expect([...new Uint8Array(await (await call('/items/1')).arrayBuffer())]).toEqual([0xff, 0x00, 0xfe]);
  });

  it.each([
    [{ a: 1 }, '{"a":1}'],
    ['plain', 'plain'],
    [null, 'null'],
    [[1, 2], '[1,2]'],
  ])('takes %j without status code for the body', async (result, body) => {
    const { call } = await start(() => result);
    const response = await call('/items/1');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  it('has no body for HEAD', async () => {
    const { call } = await start(() => ({ statusCode: 200, body: 'four' }));
    const response = await call('/items/1', { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('4');
    expect(await response.text()).toBe('');
  });

  it.each([
    ['an object as body', { statusCode: 200, body: { a: 1 } }],
    ['a status code that is none', { statusCode: 'fine' }],
  ])('is 500 for %s', async (_, result) => {
    const { call, errors } = await start(() => result);
    const response = await call('/items/1');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
    expect(errors).toHaveLength(1);
  });

  it('is 500 when the function fails, and says no more', async () => {
    const { call } = await start(() => {
      throw new Error('secret detail');
    });
    const response = await call('/items/1');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
  });

  it('is 503 when the function takes longer than the gateway waits', async () => {
    const { call } = await start(() => new Promise(() => undefined), { integrationTimeoutMs: 50 });
    const response = await call('/items/1');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: 'Service Unavailable' });
  });

  it('is 404 where no route leads', async () => {
    const { call, events } = await start(() => ({ statusCode: 200 }));
    const response = await call('/items');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Not Found' });
    expect(events).toEqual([]);
  });

  it('is 400 for a path that cannot be decoded', async () => {
    const { call } = await start(() => ({ statusCode: 200 }));
    expect((await call('/items/%zz')).status).toBe(400);
  });

  it('is 413 for a body over 10 MB', async () => {
    const { call, events } = await start(() => ({ statusCode: 200 }));
    const limit = 10 * 1024 * 1024;
    const response = await call('/all/x', { method: 'POST', body: 'x'.repeat(limit + 1) });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
    expect(events).toEqual([]);
    expect((await call('/all/x', { method: 'POST', body: 'x'.repeat(limit) })).status).toBe(200);
  });

  it('lives on when a client goes away in the middle of its request', async () => {
    const { api, call, errors } = await start(() => ({ statusCode: 200, body: 'fine' }));
    const socket = connect(Number(new URL(api.endpoint).port), '127.0.0.1');
    await new Promise((resolve) =>
      socket.write('POST /all/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf', resolve),
    );
    socket.destroy();
    expect(await (await call('/items/1')).text()).toBe('fine');
    expect(errors).toEqual([]);
  });
});

describe('HTTP API', () => {
  it('says which port is taken', async () => {
    const { api } = await start(() => null);
    const port = Number(new URL(api.endpoint).port);
    const error = await createHttpApi({ port, routes: [], invoke: () => Promise.resolve() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PortTakenError);
    expect(error).toMatchObject({ port, remedy: expect.stringContaining(String(port)) });
  });

  it('wants JWT settings as soon as one route wants a token', async () => {
    const routes = [{ key: 'GET /me', functionName: 'probe', authorizer: 'jwt' as const }];
    await expect(createHttpApi({ routes, invoke: () => Promise.resolve() })).rejects.toThrow('GET /me');
  });
});

async function sendRaw(api: HttpApi, text: string): Promise<void> {
  const socket = connect(Number(new URL(api.endpoint).port), '127.0.0.1');
  socket.write(text);
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
}
