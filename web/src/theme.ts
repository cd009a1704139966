import { ref, type Ref } from 'vue';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** Read by `public/theme.js` too, before the first paint. */
const storageKey = 'top-active:theme';

export interface Theme {
  choice: Readonly<Ref<ThemeChoice>>;
  choose(choice: ThemeChoice): void;
  close(): void;
}

/** Light or dark by the person's choice or, without one, as the device is. */
export function createTheme(storage: Storage): Theme {
  const stored = storage.getItem(storageKey);
  const choice = ref<ThemeChoice>(stored === 'light' || stored === 'dark' ? stored : 'system');
  const deviceIsDark = matchMedia('(prefers-color-scheme: dark)');

  function show(): void {
    const dark = choice.value === 'dark' || (choice.value === 'system' && deviceIsDark.matches);
    document.documentElement.classList.toggle('dark', dark);
  }

  deviceIsDark.addEventListener('change', show);
  show();

  return {
    choice,
    choose(next) {
      choice.value = next;
      storage.setItem(storageKey, next);
      show();
    },
    close: () => deviceIsDark.removeEventListener('change', show),
  };
}
