import { describe, expect, it } from 'vitest';
import * as enAuth from './en/auth.ts';
import { en } from './en/index.ts';
import * as enFields from './en/fields.ts';
import * as enOpenAi from './en/openai.ts';
import * as enPasskey from './en/passkey.ts';
import * as enProblems from './en/problems.ts';
import * as enSettings from './en/settings.ts';
import * as enSetup from './en/setup.ts';
import * as ptBrAuth from './pt-br/auth.ts';
import { ptBr } from './pt-br/index.ts';
import * as ptBrFields from './pt-br/fields.ts';
import * as ptBrOpenAi from './pt-br/openai.ts';
import * as ptBrPasskey from './pt-br/passkey.ts';
import * as ptBrProblems from './pt-br/problems.ts';
import * as ptBrSettings from './pt-br/settings.ts';
import * as ptBrSetup from './pt-br/setup.ts';

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : leaves(value, `${path}${key}.`),
  );
}

const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].toSorted();

describe('the languages', () => {
  const portuguese = new Map(
    leaves({
      ...ptBr,
      ...ptBrAuth,
      ...ptBrFields,
      ...ptBrOpenAi,
      ...ptBrPasskey,
      ...ptBrProblems,
      ...ptBrSettings,
      ...ptBrSetup,
    }),
  );
  const english = new Map(
    leaves({ ...en, ...enAuth, ...enFields, ...enOpenAi, ...enPasskey, ...enProblems, ...enSettings, ...enSetup }),
  );

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
