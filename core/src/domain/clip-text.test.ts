import { expect, it } from 'vitest';
import { clipText } from './clip-text.ts';

it('a text is cut to its length, and stays Unicode where the cut goes through a character', () => {
  expect(clipText('Olá, tudo bem?', 3)).toBe('Olá');
  expect(clipText('Oi', 3)).toBe('Oi');
  expect(clipText('Oi👍', 3)).toBe('Oi\ufffd');
});

it.each([undefined, null, 7, ['Oi'], { text: 'Oi' }])('what is no text is an empty one: %j', (value) => {
  expect(clipText(value, 3)).toBe('');
});
