import { createI18n } from 'vue-i18n';
import { en } from './en.ts';
import { ptBr } from './pt-br.ts';

export const locales = ['pt-BR', 'en'] as const;
export type Locale = (typeof locales)[number];
const storageKey = 'phones.locale';

export const i18n = createI18n({
  legacy: false,
  locale: initialLocale(),
  fallbackLocale: 'pt-BR',
  messages: { 'pt-BR': ptBr, en },
});

/** In their own words. */
export const localeNames: Record<Locale, string> = { 'pt-BR': 'Português', en: 'English' };

export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale;
  localStorage.setItem(storageKey, locale);
  showLocale(locale);
}

function showLocale(locale: Locale): void {
  document.documentElement.lang = locale;
  document.title = (locale === 'en' ? en : ptBr).title;
}

function initialLocale(): Locale {
  const stored = localStorage.getItem(storageKey);
  const locale = locales.find((known) => known === stored) ?? (navigator.language.startsWith('en') ? 'en' : 'pt-BR');
  showLocale(locale);
  return locale;
}
