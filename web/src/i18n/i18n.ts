import type { Locale } from '@top-active/core/contracts';
import { createI18n, useI18n } from 'vue-i18n';
import type { BaseMessages, MessageKey, Messages, TextArea } from './messages.ts';

const loaders: Record<Locale, () => Promise<BaseMessages>> = {
  'pt-BR': async () => (await import('./pt-br/index.ts')).ptBr,
  en: async () => (await import('./en/index.ts')).en,
};

const areaLoaders: Record<Locale, { [Area in TextArea]: () => Promise<Pick<Messages, Area>> }> = {
  'pt-BR': {
    auth: () => import('./pt-br/auth.ts'),
    fields: () => import('./pt-br/fields.ts'),
    openAi: () => import('./pt-br/openai.ts'),
    passkey: () => import('./pt-br/passkey.ts'),
    problems: () => import('./pt-br/problems.ts'),
    settings: () => import('./pt-br/settings.ts'),
    setup: () => import('./pt-br/setup.ts'),
  },
  en: {
    auth: () => import('./en/auth.ts'),
    fields: () => import('./en/fields.ts'),
    openAi: () => import('./en/openai.ts'),
    passkey: () => import('./en/passkey.ts'),
    problems: () => import('./en/problems.ts'),
    settings: () => import('./en/settings.ts'),
    setup: () => import('./en/setup.ts'),
  },
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
    messages: { [first]: { ...(await loaders[first]()) } },
  });
  document.documentElement.lang = first;

  let shown = first;
  const needed = new Set<TextArea>();
  const loads = new Map<string, Promise<void>>();

  async function add(locale: Locale, area: TextArea): Promise<void> {
    plugin.global.mergeLocaleMessage(locale, { ...(await areaLoaders[locale][area]()) });
  }

  /** Each area is loaded once in a language; what failed is tried again by whoever needs it next. */
  function load(locale: Locale, area: TextArea): Promise<void> {
    const key = `${locale} ${area}`;
    const loading = loads.get(key) ?? add(locale, area);
    loads.set(key, loading);
    return loading.catch((error: unknown) => {
      loads.delete(key);
      throw error;
    });
  }

  return {
    plugin,
    /** Loads texts that only some pages show, also in each language that is chosen later. */
    async need(...areas: readonly TextArea[]): Promise<void> {
      for (const area of areas) needed.add(area);
      await Promise.all(areas.map((area) => load(shown, area)));
    },
    /** Loads the language if need be, shows it and remembers it for this browser. */
    async use(locale: Locale): Promise<void> {
      if (!plugin.global.availableLocales.includes(locale)) {
        plugin.global.setLocaleMessage(locale, { ...(await loaders[locale]()) });
      }
      await Promise.all([...needed].map((area) => load(locale, area)));
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
