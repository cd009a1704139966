import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpContext } from './http-env.ts';

/**
 * Address of the client, for limits. CloudFront tells it in a header, which counts only together with the secret that
 * CloudFront alone adds; whoever calls the API by its own address is known by the connection.
 */
export function clientAddress(c: HttpContext, originSecret: string | undefined): string {
  const viewer = c.req.header('cloudfront-viewer-address');
  const proof = c.req.header('x-origin-secret');
  if (viewer && proof && originSecret && sameSecret(proof, originSecret)) return viewer.replace(/:\d+$/, '');
  return c.env.event.requestContext.http.sourceIp;
}

function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
