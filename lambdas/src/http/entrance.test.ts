import { expect, it } from 'vitest';
import { createEntrance } from './entrance.ts';

it('lets in who brings one of the secrets, however the header is spelt', () => {
  const letsIn = createEntrance('chats', { ORIGIN_SECRETS: 'one,two,' });
  expect(letsIn({ 'x-origin-secret': 'one' })).toBe(true);
  expect(letsIn({ 'X-Origin-Secret': 'two' })).toBe(true);
  for (const headers of [{}, { 'x-origin-secret': '' }, { 'x-origin-secret': 'one,two' }, { 'x-secret': 'one' }])
    expect(letsIn(headers)).toBe(false);
});

it('does not open without a secret, where the function is to have one', () => {
  for (const env of [{}, { ORIGIN_SECRETS: '' }]) expect(() => createEntrance('chats', env)).toThrow('ORIGIN_SECRETS');
});

it('is open where hosts sign their requests', () => {
  expect(createEntrance('host-access', {})({})).toBe(true);
});
