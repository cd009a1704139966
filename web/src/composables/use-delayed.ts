import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';

/** Follows a value once it has held still for a while: what only blinks isn't seen. */
export function useDelayed<T>(source: () => T, milliseconds: number): Readonly<Ref<T>> {
  const settled = shallowRef(source());
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(source, (value) => {
    clearTimeout(timer);
    timer = setTimeout(() => (settled.value = value), milliseconds);
  });
  onScopeDispose(() => clearTimeout(timer));
  return settled;
}
