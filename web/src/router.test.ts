import { describe, expect, it } from 'vitest';
import { returnPath } from './router.ts';

describe('returnPath', () => {
  it('goes back into the app only', () => {
    expect(returnPath('/conversas/1')).toBe('/conversas/1');
    for (const evil of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      undefined,
      ['/a'],
    ])
      expect(returnPath(evil)).toBeUndefined();
  });
});
