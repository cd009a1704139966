import { defaultInitTimeoutMs, FunctionError, type LambdaRuntime } from '@top-active/cloud/lambda-runtime';
import { waitTelling, type OnSlow } from './slow-wait.ts';
import { StackError } from './stack-error.ts';

/**
 * Loads functions ahead of their first invocation, and tells which of them take long.
 * @throws StackError when one isn't loaded in the runtime's time; FunctionError when one cannot be loaded.
 */
export async function loadFunctions({
  runtime,
  names,
  onSlow,
  limitMs = defaultInitTimeoutMs,
  tellEveryMs,
}: {
  runtime: Pick<LambdaRuntime, 'warmUp'>;
  names: readonly string[];
  onSlow: OnSlow;
  /** As the runtime has it. */
  limitMs?: number | undefined;
  tellEveryMs?: number | undefined;
}): Promise<void> {
  const loading = new Set(names);
  const loadAll = () =>
    Promise.all(
      names.map(async (name) => {
        await runtime.warmUp([name]);
        loading.delete(name);
      }),
    );
  try {
    const what = () => `Loading the functions ${[...loading].join(', ')}`;
    await waitTelling(loadAll, { what, limitMs, onSlow, everyMs: tellEveryMs });
  } catch (error) {
    if (!(error instanceof FunctionError) || !error.initTimedOut) throw error;
    throw new StackError(
      `The function ${error.functionName} was not loaded within ${Math.round(limitMs / 1000)} seconds: this computer is too busy.`,
      'Start again when it has less to do.',
      error,
    );
  }
}
