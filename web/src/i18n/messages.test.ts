import { describe, expect, it } from 'vitest';
import { en } from './en/index.ts';
import { passkey as enPasskey } from './en/passkey.ts';
import { ptBr } from './pt-br/index.ts';
import { passkey as ptBrPasskey } from './pt-br/passkey.ts';

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : leaves(value, `${path}${key}.`),
  );
}

const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].toSorted();

describe('the languages', () => {
  const portuguese = new Map(leaves({ ...ptBr, passkey: ptBrPasskey }));
  const english = new Map(leaves({ ...en, passkey: enPasskey }));

  it('have the same keys, none empty', () => {
    expect([...english.keys()].toSorted()).toEqual([...portuguese.keys()].toSorted());
    expect([...portuguese, ...english].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('fill in the same values and have the same number of plural forms', () => {
    for (const [key, text] of portuguese) {
      expect([key, placeholders(english.get(key) ?? '')]).toEqual([key, placeholders(text)]);
      expect([key, (english.get(key) ?? '').split(' | ').length]).toEqual([key, text.split(' | ').length]);
    }
  });
});
