import { isIPv6 } from 'node:net';
import type { HttpContext } from './http-env.ts';

/** Address of the client, for limits: CloudFront tells it, and nobody else gets so far (see `entrance.ts`). */
export function clientAddress(c: HttpContext): string {
  const viewer = c.req.header('cloudfront-viewer-address');
  return networkOf(viewer ? viewer.replace(/:\d+$/, '') : c.env.event.requestContext.http.sourceIp);
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
