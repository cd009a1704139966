import { describe, expect, it } from 'vitest';
import { typingTime } from './pacing.ts';

describe('pacing', () => {
  const config = { msPerCharacter: 10, minMs: 300, maxMs: 1_000 };

  it('types as long as the text is, within bounds', () => {
    expect(typingTime(config, 'Oi')).toBe(300);
    expect(typingTime(config, 'x'.repeat(50))).toBe(500);
    expect(typingTime(config, 'x'.repeat(5_000))).toBe(1_000);
  });
});
