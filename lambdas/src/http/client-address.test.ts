import { expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';
import type { HttpContext } from './http-env.ts';

function addressOf(viewer: string | undefined, sourceIp = '10.0.0.1'): string {
  const context = {
    req: { header: (name: string) => (name === 'cloudfront-viewer-address' ? viewer : undefined) },
    env: { event: { requestContext: { http: { sourceIp } } } },
  };
  return clientAddress(context as unknown as HttpContext);
}

it.each([
  ['203.0.113.7:443', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6:443', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::1:443', '2001:db8:1:2::/64'],
  ['2001:db8::1:443', '2001:db8:0:0::/64'],
  ['::1:443', '0:0:0:0::/64'],
  ['::ffff:203.0.113.7:443', '::ffff:203.0.113.7'],
  ['nonsense', 'nonsense'],
])('of %s is %s', (viewer, address) => {
  expect(addressOf(viewer)).toBe(address);
});

it('is what API Gateway saw, where CloudFront says nothing', () => {
  expect(addressOf(undefined, '198.51.100.9')).toBe('198.51.100.9');
});
