import { computed, ref, watch, type Ref } from 'vue';
import type { ApiProblem } from '../api/problem.ts';
import { useNow } from './use-now.ts';

/** Seconds left until the server takes the request again; 0 when it does. */
export function useRetryWait(problem: Ref<ApiProblem | undefined>): Readonly<Ref<number>> {
  const now = useNow();
  const until = ref(0);

  watch(problem, (current) => {
    if (current === undefined) until.value = 0;
    else if (current.retryAfter !== undefined) until.value = Date.now() + current.retryAfter * 1_000;
  });

  return computed(() => Math.max(0, Math.ceil((until.value - now.value) / 1_000)));
}
