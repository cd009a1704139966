import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';

const storageKey = 'phones.shown';
const most = 3;

/** Which phones are on the table, remembered for this tab; where there is room for one only, the last one taken. */
export function useShown(numbers: () => string[]): {
  shown: ComputedRef<string[]>;
  take(number: string): void;
  toggle(number: string): void;
  close(number: string): void;
} {
  /** In the order of taking; undefined until somebody chose. */
  const taken = ref(stored());
  const narrow = matchMedia('(max-width: 819px)');
  const isNarrow = ref(narrow.matches);
  const follow = (): void => {
    isNarrow.value = narrow.matches;
  };
  narrow.addEventListener('change', follow);
  onScopeDispose(() => narrow.removeEventListener('change', follow));

  const chosen = computed(() => taken.value ?? numbers().slice(0, 2).toReversed());
  const shown = computed(() => {
    const existing = chosen.value.filter((number) => numbers().includes(number));
    return isNarrow.value ? existing.slice(-1) : numbers().filter((number) => existing.includes(number));
  });

  function set(next: string[]): void {
    taken.value = next.slice(-most);
    sessionStorage.setItem(storageKey, JSON.stringify(taken.value));
  }

  const without = (number: string) => chosen.value.filter((other) => other !== number);
  const take = (number: string) => set([...without(number), number]);
  const close = (number: string) => set(without(number));
  const toggle = (number: string) => (shown.value.includes(number) ? close(number) : take(number));
  return { shown, take, toggle, close };
}

function stored(): string[] | undefined {
  const value: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
  return Array.isArray(value) ? value.map(String) : undefined;
}
