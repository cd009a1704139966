import { afterEach, expect, it, vi } from 'vitest';
import { logger } from './log.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('tells why something failed, but nobody’s phone number', () => {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  const cause = new Error('no chat 123456789012345@lid');
  logger.error('Looking up a peer failed', {}, new Error('invalid wid 5521987654321@c.us', { cause }));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    error: { message: 'invalid wid …@c.us', cause: { message: 'no chat …@lid' } },
  });
  expect(lines[0]).not.toMatch(/5521987654321|123456789012345/);
});
