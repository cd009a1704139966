import { expect, it } from 'vitest';
import { hourIn } from './owner-zone.ts';

it('tells the hour where the owner is, midnight as 0', () => {
  const at = new Date('2026-11-25T03:30:00.000Z');
  expect(hourIn('America/Sao_Paulo', at)).toBe(0);
  expect(hourIn('Europe/Lisbon', at)).toBe(3);
});
