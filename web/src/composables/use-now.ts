import { onScopeDispose, ref, type Ref } from 'vue';

/** The time, moving on by itself every `every` milliseconds while somebody uses it. */
export function useNow(every = 1_000): Readonly<Ref<number>> {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), every);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
