import { describe, expect, it } from 'vitest';
import { fileFacts, fileSize, playingTime } from './file-facts.ts';

describe('what is known of a file', () => {
  it.each([
    [7.4, '0:07'],
    [127, '2:07'],
    [3_727, '1:02:07'],
  ])('plays for %d s: %s', (seconds, text) => expect(playingTime(seconds)).toBe(text));

  it.each([
    [0, '0 bytes'],
    [34_000, '34 kB'],
    [1_240_000, '1,2 MB'],
    [98_600_000, '99 MB'],
    [4_000_000_000_000, '4.000 GB'],
  ])('has %d bytes: %s', (bytes, text) => expect(fileSize(bytes, 'pt-BR')).toBe(text));

  it('says what is known, and nothing otherwise', () => {
    expect(fileFacts({ seconds: 7, bytes: 34_000 }, 'pt-BR')).toBe('0:07 · 34 kB');
    expect(fileFacts({ bytes: 34_000 }, 'en')).toBe('34 kB');
    expect(fileFacts({}, 'en')).toBe('');
    expect(fileFacts(undefined, 'en')).toBe('');
  });
});
