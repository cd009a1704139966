import type { Locale } from '@top-active/core/contracts';
import { createI18n, useI18n } from 'vue-i18n';
import type { MessageKey, Messages, PasskeyMessages } from './messages.ts';

const loaders: Record<Locale, () => Promise<Messages>> = {
  'pt-BR': async () => (await import('./pt-br/index.ts')).ptBr,
  en: async () => (await import('./en/index.ts')).en,
};

const passkeyLoaders: Record<Locale, () => Promise<PasskeyMessages>> = {
  'pt-BR': () => import('./pt-br/passkey.ts'),
  en: () => import('./en/passkey.ts'),
};

const storageKey = 'top-active:locale';

export type AppI18n = Awaited<ReturnType<typeof createAppI18n>>;

/** Begins in the language chosen before in this browser, else in Portuguese. */
export async function createAppI18n(storage: Storage) {
  const first: Locale = storage.getItem(storageKey) === 'en' ? 'en' : 'pt-BR';
  const plugin = createI18n({
    legacy: false,
    locale: first,
    fallbackLocale: false,
    missingWarn: true,
    messages: { [first]: await loaders[first]() },
  });
  document.documentElement.lang = first;

  let shown = first;
  let withPasskey = false;

  async function addPasskey(locale: Locale): Promise<void> {
    plugin.global.mergeLocaleMessage(locale, { passkey: (await passkeyLoaders[locale]()).passkey });
  }

  return {
    plugin,
    /** Loads the texts about passkeys too, which most people never see. */
    async needPasskey(): Promise<void> {
      withPasskey = true;
      await addPasskey(shown);
    },
    /** Loads the language if need be, shows it and remembers it for this browser. */
    async use(locale: Locale): Promise<void> {
      if (!plugin.global.availableLocales.includes(locale)) {
        plugin.global.setLocaleMessage(locale, { ...(await loaders[locale]()) });
      }
      if (withPasskey) await addPasskey(locale);
      plugin.global.locale.value = locale;
      shown = locale;
      document.documentElement.lang = locale;
      storage.setItem(storageKey, locale);
    },
  };
}

/** Translations by keys that the compiler knows. */
export function useText() {
  const { t, locale } = useI18n({ useScope: 'global' });
  return {
    locale,
    t: (key: MessageKey, named: Record<string, string | number> = {}): string => t(key, named),
    /** Picks among `none | one | many` and fills `{n}`. */
    tn: (key: MessageKey, count: number): string => t(key, count, { named: { n: count } }),
  };
}
