import { describe, expect, it } from 'vitest';
import { AppError } from '@top-active/core/errors';
import { requireStrength } from './weak-password.ts';

const ana = { email: 'ana.souza@padaria.com.br', name: 'Ana Souza' };
const weakness = (password: string) =>
  requireStrength(password, ana).then(
    () => 'strong',
    (error: unknown) => (error instanceof AppError ? error.errors?.[0]?.reason : error),
  );

describe('a new password', () => {
  it.each([
    ['0000000000', 'common'],
    ['senha12345', 'common'],
    ['1234567890', 'common'],
    ['corinthians1', 'common'],
    ['Brasil2026!', 'common'],
    ['qwertyuiop1', 'common'],
    ['minhasenha1', 'common'],
    ['0'.repeat(256), 'common'],
    ['s3nh@12345', 'common'],
    ['ana.souza@padaria.com.br1', 'own_words'],
    ['AnaSouza2024', 'own_words'],
    ['topactive1', 'own_words'],
    ['t0pact1v3!1', 'common'],
    ['only letters here', 'no_digit'],
    [' long enough 1 ', 'outer_spaces'],
    ['uma janela azul 77', 'strong'],
    ['k8Fj2mLq0P', 'strong'],
    ['correct horse 1', 'strong'],
  ])('%s is %s', async (password, expected) => {
    expect(await weakness(password)).toBe(expected);
  });

  it('is looked at by its first 64 characters, for the time grows with the length', async () => {
    expect(await weakness(`${'0'.repeat(64)} uma janela azul 77`)).toBe('common');
    expect(await weakness(`${'0'.repeat(20)} uma janela azul 77`)).toBe('strong');
  });
});
