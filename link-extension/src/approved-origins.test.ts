import { expect, it } from 'vitest';
import { approve, isApproved, type ApprovedOrigins } from './approved-origins.ts';

it('knows an address by every letter', () => {
  const origins = approve({}, { origin: 'https://app.example', now: 1 });
  expect(isApproved(origins, 'https://app.example')).toBe(true);
  for (const other of ['http://app.example', 'https://app.example:8443', 'https://a.app.example', '__proto__'])
    expect(isApproved(origins, other)).toBe(false);
});

it('forgets the address that was used least recently', () => {
  let origins: ApprovedOrigins = {};
  for (let n = 1; n <= 50; n++) origins = approve(origins, { origin: `https://${n}.example`, now: n });
  origins = approve(origins, { origin: 'https://1.example', now: 51 });
  origins = approve(origins, { origin: 'https://51.example', now: 52 });
  expect(isApproved(origins, 'https://1.example')).toBe(true);
  expect(isApproved(origins, 'https://2.example')).toBe(false);
  expect(Object.keys(origins)).toHaveLength(50);
});
