import type { Message } from '@top-active/core/contracts';
import { ref, watch, type Ref } from 'vue';

/** How many customer messages came below while the person was reading further up. */
export function useUnseen(messages: () => readonly Message[], atBottom: Readonly<Ref<boolean>>): Readonly<Ref<number>> {
  const unseen = ref(0);
  let newest = messages().at(-1)?.id ?? '';

  watch(messages, (current) => {
    const seen = newest;
    newest = current.at(-1)?.id ?? newest;
    if (seen !== '' && !atBottom.value)
      unseen.value += current.filter(({ id, author }) => id > seen && author === 'customer').length;
  });
  watch(atBottom, (reached) => {
    if (reached) unseen.value = 0;
  });

  return unseen;
}
