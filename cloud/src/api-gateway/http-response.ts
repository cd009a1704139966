import { z } from 'zod';

export interface HttpAnswer {
  statusCode: number;
  /** By lower-case name. */
  headers: Record<string, string | string[]>;
  body: Buffer;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const resultSchema = z.object({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

const ownHeaders = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer']);

/**
 * Makes the HTTP answer of a function's result, payload format 2.0. Anything without a `statusCode` is itself the
 * body of a 200. Undefined: the result has a form that API Gateway does not accept.
 */
export function readResult(result: unknown): HttpAnswer | undefined {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) return inferAnswer(result);
  const parsed = resultSchema.safeParse(result);
  if (!parsed.success) return undefined;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const answer: HttpAnswer = {
    statusCode,
    headers: {},
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
  for (const [name, value] of Object.entries(headers ?? {}))
    if (!ownHeaders.has(name.toLowerCase())) answer.headers[name.toLowerCase()] = asBytes(value);
  if (answer.body.length > 0) answer.headers['content-type'] ??= 'text/plain; charset=utf-8';
  if (cookies && cookies.length > 0) answer.headers['set-cookie'] = cookies.map(asBytes);
  return answer;
}

function inferAnswer(result: unknown): HttpAnswer {
  const body = typeof result === 'string' ? result : JSON.stringify(result ?? null);
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
}

/** API Gateway's own answers: `{"message":"Not Found"}`. */
export function messageAnswer(statusCode: number, message: string, headers: Record<string, string> = {}): HttpAnswer {
  const body = Buffer.from(JSON.stringify({ message }));
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** Node writes headers as Latin-1: UTF-8 bytes must look like that. */
function asBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}
