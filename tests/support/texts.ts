import type { Locale } from '@top-active/core/contracts';
import type { MessageKey } from '../../web/src/i18n/messages.ts';
import { auth as authEn } from '../../web/src/i18n/en/auth.ts';
import { common as commonEn } from '../../web/src/i18n/en/common.ts';
import { inbox as inboxEn } from '../../web/src/i18n/en/inbox.ts';
import { passkey as passkeyEn } from '../../web/src/i18n/en/passkey.ts';
import { problems as problemsEn } from '../../web/src/i18n/en/problems.ts';
import { setup as setupEn } from '../../web/src/i18n/en/setup.ts';
import { auth } from '../../web/src/i18n/pt-br/auth.ts';
import { common } from '../../web/src/i18n/pt-br/common.ts';
import { inbox } from '../../web/src/i18n/pt-br/inbox.ts';
import { passkey } from '../../web/src/i18n/pt-br/passkey.ts';
import { problems } from '../../web/src/i18n/pt-br/problems.ts';
import { setup } from '../../web/src/i18n/pt-br/setup.ts';

const catalogues: Record<Locale, object> = {
  'pt-BR': { auth, common, inbox, passkey, problems, setup },
  en: { auth: authEn, common: commonEn, inbox: inboxEn, passkey: passkeyEn, problems: problemsEn, setup: setupEn },
};

export type Text = (key: MessageKey, values?: Readonly<Record<string, string>>) => string;

/** What the app says in a language, from its own catalogue: tests keep no copy of it. */
export function textsOf(locale: Locale): Text {
  return (key, values = {}) => {
    const text = key.split('.').reduce<unknown>(partOf, catalogues[locale]);
    if (typeof text !== 'string') throw new Error(`${locale} has no text ${key}`);
    return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  };
}

function partOf(texts: unknown, name: string): unknown {
  return typeof texts === 'object' && texts !== null
    ? Object.entries(texts).find(([key]) => key === name)?.[1]
    : undefined;
}
