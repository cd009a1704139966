import { AppError } from '@top-active/core/errors';
import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from './http-env.ts';

/** The longest message text has 65,536 UTF-16 units, each at most six characters of JSON. */
const maxBodyBytes = 512 * 1024;

/** Lets only JSON bodies of a sane size pass, before anything looks at them. */
export const requireJsonBody = createMiddleware<HttpEnv>(async (c, next) => {
  const body = await c.req.text();
  if (body !== '') {
    if (Buffer.byteLength(body) > maxBodyBytes) throw new AppError('body_too_large');
    if (!isJson(c.req.header('content-type'))) throw new AppError('unsupported_media_type');
    checkContent(body);
  } else if (isJson(c.req.header('content-type')) && c.req.method !== 'GET' && c.req.method !== 'DELETE') {
    throw new AppError('invalid_json', { detail: 'The body is empty, and an empty text is not JSON.' });
  }
  await next();
});

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}

/** DynamoDB takes Unicode only, but JSON's escapes can write half a surrogate pair. */
function checkContent(body: string): void {
  // `stringify` escapes lone surrogates, and nothing else so; the backslashes of a text it doubles.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(rewrite(body)))
    throw new AppError('invalid_json', { detail: 'A text in the body contains half a surrogate pair.' });
}

function rewrite(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch (cause) {
    // V8 quotes the text around the fault, which may be a password: only the place is passed on.
    const place = /at position \d+ \(line \d+ column \d+\)/.exec(String(cause))?.[0];
    throw new AppError('invalid_json', {
      detail: `The body is not valid JSON${place ? `: the fault is ${place}` : ''}.`,
    });
  }
}
