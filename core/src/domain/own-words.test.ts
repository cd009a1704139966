import { describe, expect, it } from 'vitest';
import { isOwnWord, ownWords } from './own-words.ts';

const ana = { email: 'ana.souza@padaria.com.br', name: 'Ana Conceição' };

describe('a password of its owner’s own words', () => {
  it.each([
    'ana.souza@padaria.com.br',
    'ANA.SOUZA2024',
    'anasouza12',
    'conceicao1',
    'Conceição#99',
    'padaria2026',
    'topactive1',
    'whatsapp123',
    'padariaana',
  ])('is one: %s', (password) => {
    expect(isOwnWord(password, ana)).toBe(true);
  });

  it.each(['janela azul 77', 'banana-split-azul 7', 'padaria do morro 7', 'correct horse 1'])(
    'is none, where enough else is left: %s',
    (password) => {
      expect(isOwnWord(password, ana)).toBe(false);
    },
  );

  it('needs no name, and leaves out words of two letters', () => {
    expect(ownWords({ email: 'jo@bo.de' })).toEqual(['topactive', 'jo@bo.de', 'whatsapp', 'bo.de']);
    expect(isOwnWord('jobode jobode 7', { email: 'jo@bo.de' })).toBe(false);
  });
});
