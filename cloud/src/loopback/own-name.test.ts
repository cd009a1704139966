import { describe, expect, it } from 'vitest';
import { isOwnName } from './own-name.ts';

describe('a name of this machine', () => {
  it.each(['127.0.0.1', '127.0.0.1:3000', 'localhost', 'localhost:3000'])('is %s', (host) => {
    expect(isOwnName(host)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    '127.0.0.1.evil.example:3000',
    'localhost.evil.example',
    'a@127.0.0.1',
    '127.0.0.1:80:80',
  ])('is not %s', (host) => {
    expect(isOwnName(host)).toBe(false);
  });
});
