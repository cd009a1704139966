import { ref, shallowRef } from 'vue';
import { asProblem, type ApiProblem } from '../api/problem.ts';

/** Runs one request at a time and keeps what went wrong for the screen. `run` tells whether it went well. */
export function useSubmit<Input extends unknown[]>(task: (...input: Input) => Promise<unknown>) {
  const busy = ref(false);
  const problem = shallowRef<ApiProblem>();

  async function run(...input: Input): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = undefined;
    try {
      await task(...input);
      return true;
    } catch (error) {
      problem.value = asProblem(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, problem, run };
}
