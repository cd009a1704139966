import { problemSchema, type Problem } from '@top-active/core/contracts';
import { z } from 'zod';

/** An answer with everything about it that tests of `auth` look at. */
export interface AuthAnswer {
  status: number;
  headers: Headers;
  cookies: string[];
  body: Record<string, unknown> | undefined;
  ms: number;
}

export interface AuthRequest {
  method?: 'GET' | 'POST' | 'DELETE' | undefined;
  /** A string is sent as it is. */
  body?: unknown;
  headers?: Record<string, string> | undefined;
}

/** One request as a browser makes it. */
export async function askAuth(
  url: string,
  { method = 'POST', body, headers = {} }: AuthRequest = {},
): Promise<AuthAnswer> {
  const begin = performance.now();
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    cookies: response.headers.getSetCookie(),
    body: text === '' ? undefined : z.looseObject({}).parse(JSON.parse(text)),
    ms: performance.now() - begin,
  };
}

/** A refusal is a problem document with status, code and something to do about it. */
export function problemOf(answer: Pick<AuthAnswer, 'status' | 'headers'> & { body: unknown }): Problem {
  const problem = problemSchema.parse(answer.body);
  const told = {
    type: answer.headers.get('content-type'),
    cache: answer.headers.get('cache-control'),
    status: answer.status,
    instance: answer.headers.get('x-request-id'),
  };
  const expected = {
    type: 'application/problem+json',
    cache: 'no-store',
    status: problem.status,
    instance: problem.instance,
  };
  if (JSON.stringify(told) !== JSON.stringify(expected) || problem.remedy === '')
    throw new Error(`Not a problem document: ${JSON.stringify({ told, problem })}`);
  return problem;
}

let addresses = 0;

/** Headers of a visitor as CloudFront sends them; each call has a client address of its own. */
export function headersFromNewAddress(): Record<string, string> {
  addresses += 1;
  return {
    'x-origin-secret': 'origin-secret',
    'cloudfront-viewer-address': `10.0.${addresses >> 8}.${addresses & 255}:443`,
  };
}
