import { computed, ref, type Ref } from 'vue';

export const themeChoices = ['system', 'light', 'dark'] as const;
type ThemeChoice = (typeof themeChoices)[number];

/** Read by `public/theme.js` too, before the first paint. */
const storageKey = 'top-active:theme';

export interface Theme {
  choice: Readonly<Ref<ThemeChoice>>;
  /** What the choice comes to right now. */
  dark: Readonly<Ref<boolean>>;
  choose(choice: ThemeChoice): void;
  close(): void;
}

/** Light or dark by the person's choice or, without one, as the device is. */
export function createTheme(storage: Storage): Theme {
  const stored = storage.getItem(storageKey);
  const choice = ref<ThemeChoice>(stored === 'light' || stored === 'dark' ? stored : 'system');
  const device = matchMedia('(prefers-color-scheme: dark)');
  const deviceIsDark = ref(device.matches);
  const dark = computed(() => choice.value === 'dark' || (choice.value === 'system' && deviceIsDark.value));

  function show(): void {
    document.documentElement.classList.toggle('dark', dark.value);
  }

  function follow(): void {
    deviceIsDark.value = device.matches;
    show();
  }

  device.addEventListener('change', follow);
  show();

  return {
    choice,
    dark,
    choose(next) {
      choice.value = next;
      storage.setItem(storageKey, next);
      show();
    },
    close: () => device.removeEventListener('change', follow),
  };
}
