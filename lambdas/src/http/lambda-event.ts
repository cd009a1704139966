import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpEvent } from './http-env.ts';

// hono/aws-lambda is deprecated, and its types and its handling of malformed requests don't fit: an HTTP API with
// payload format 2.0 needs no more than this.

/** The request of an HTTP API event, payload format 2.0. */
export function requestOf(event: HttpEvent): Request {
  const { http, domainName } = event.requestContext;
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers)) {
    // Header values reach Lambda as UTF-8, but a fetch header holds bytes.
    if (value !== undefined) headers.set(name, Buffer.from(value, 'utf8').toString('latin1'));
  }
  if (event.cookies) headers.set('cookie', event.cookies.join('; '));
  const query = event.rawQueryString ? `?${event.rawQueryString}` : '';
  const body = bodyOf(event);
  return new Request(`https://${domainName}${pathOf(event)}${query}`, {
    method: http.method,
    headers,
    ...(body && { body: new Uint8Array(body) }),
  });
}

/**
 * API Gateway has decoded the path already, and chose route and authorizer by it: nothing in it may end the path, be
 * dropped from a URL, or lead elsewhere. A segment `..` can only be kept from the URL parser by encoding it twice.
 */
function pathOf({ rawPath }: HttpEvent): string {
  return rawPath
    .replaceAll(/[?#%\\\s\p{Cc}]/gu, encodeURIComponent)
    .replaceAll(/(?<=\/)\.{1,2}(?=\/|$)/g, (dots) => dots.replaceAll('.', '%252E'));
}

/** The answer in payload format 2.0. Every answer of this API is text. */
export async function resultOf(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const cookies = response.headers.getSetCookie();
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'));
  return { statusCode: response.status, headers, body: await response.text(), ...(cookies.length > 0 && { cookies }) };
}

/** A body with GET or HEAD means nothing, and a fetch request refuses it. */
function bodyOf(event: HttpEvent): Buffer | undefined {
  const { method } = event.requestContext.http;
  if (!event.body || method === 'GET' || method === 'HEAD') return undefined;
  return Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
}
