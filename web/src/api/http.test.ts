import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { createHttp } from './http.ts';

const answer = z.object({ name: z.string() });
const problem = {
  type: 't',
  title: 't',
  status: 429,
  code: 'too_many_attempts',
  detail: 'd',
  remedy: 'r',
  instance: 'request-7',
};

function httpAnswering(response: () => Response | Promise<Response>, timeout?: number) {
  const requests: { url: string; init: RequestInit }[] = [];
  const send = createHttp({
    timeout,
    fetch: async (input, init = {}) => {
      requests.push({ url: input instanceof Request ? input.url : input.toString(), init });
      return response();
    },
  });
  return { send, requests };
}

describe('createHttp', () => {
  it('returns what the contract says and drops the rest', async () => {
    const { send, requests } = httpAnswering(() => Response.json({ name: 'Ana', extra: 1 }));
    expect(await send({ method: 'GET', path: '/api/me?after=3', answer })).toEqual({
      name: 'Ana',
    });
    expect(requests[0]?.url).toBe('/api/me?after=3');
  });

  it('refuses an answer that the contract does not know', async () => {
    const { send } = httpAnswering(() => Response.json({ name: 1 }));
    await expect(send({ method: 'GET', path: '/', answer })).rejects.toMatchObject({ code: 'unexpected_answer' });
  });

  it('turns a problem into its code, its wait and the id for support', async () => {
    const { send } = httpAnswering(() => Response.json(problem, { status: 429, headers: { 'retry-after': '12' } }));
    await expect(send({ method: 'POST', path: '/', answer: z.undefined() })).rejects.toMatchObject({
      code: 'too_many_attempts',
      retryAfter: 12,
      requestId: 'request-7',
    });
  });

  it('takes a broken answer of a gateway for a failure on our side', async () => {
    const { send } = httpAnswering(() => new Response('<html>502</html>', { status: 502 }));
    await expect(send({ method: 'GET', path: '/', answer })).rejects.toMatchObject({ code: 'internal' });
  });

  it('tells no network from a server that is too slow', async () => {
    const offline = httpAnswering(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(offline.send({ method: 'GET', path: '/', answer })).rejects.toMatchObject({ code: 'network' });
    const slow = createHttp({
      timeout: 5,
      fetch: (_input, init) =>
        new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
    });
    await expect(slow({ method: 'GET', path: '/', answer })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('takes an empty answer where nothing is expected', async () => {
    const { send } = httpAnswering(() => new Response(null, { status: 204 }));
    expect(await send({ method: 'DELETE', path: '/', answer: z.undefined() })).toBeUndefined();
  });
});
