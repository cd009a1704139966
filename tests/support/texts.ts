import type { Locale } from '@top-active/core/contracts';
import type { MessageKey } from '@top-active/web/i18n/messages';
import { auth as authEn } from '@top-active/web/i18n/en/auth';
import { common as commonEn } from '@top-active/web/i18n/en/common';
import { inbox as inboxEn } from '@top-active/web/i18n/en/inbox';
import { passkey as passkeyEn } from '@top-active/web/i18n/en/passkey';
import { problems as problemsEn } from '@top-active/web/i18n/en/problems';
import { setup as setupEn } from '@top-active/web/i18n/en/setup';
import { auth } from '@top-active/web/i18n/pt-br/auth';
import { common } from '@top-active/web/i18n/pt-br/common';
import { inbox } from '@top-active/web/i18n/pt-br/inbox';
import { passkey } from '@top-active/web/i18n/pt-br/passkey';
import { problems } from '@top-active/web/i18n/pt-br/problems';
import { setup } from '@top-active/web/i18n/pt-br/setup';

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
