import { createHash, timingSafeEqual } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { HttpContext } from './http-env.ts';

/**
 * Address of the client, for limits. CloudFront tells it in a header, which counts only together with the secret that
 * CloudFront alone adds; whoever calls the API by its own address is known by the connection.
 */
export function clientAddress(c: HttpContext, originSecret: string | undefined): string {
  const viewer = c.req.header('cloudfront-viewer-address');
  const proof = c.req.header('x-origin-secret');
  const isProven = viewer && proof && originSecret && sameSecret(proof, originSecret);
  return networkOf(isProven ? viewer.replace(/:\d+$/, '') : c.env.event.requestContext.http.sourceIp);
}

/** Whoever has one IPv6 address has the 2^64 of its network, and would have a fresh one for every attempt. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [front = '', back] = address.split('::');
  const groups = front === '' ? [] : front.split(':');
  const tail = back ? back.split(':') : [];
  if (back !== undefined) groups.push(...Array<string>(8 - groups.length - tail.length).fill('0'), ...tail);
  const network = groups.slice(0, 4).map((group) => parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
