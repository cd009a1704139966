import type { EventSource, InvokeFunction, OnError } from './types.ts';

/** Invokes a function at a fixed rate, as an EventBridge rule does; a slow run delays the next one. */
export function startSchedule({
  functionName,
  everyMs,
  invoke,
  onError,
}: {
  functionName: string;
  everyMs: number;
  invoke: InvokeFunction;
  onError: OnError;
}): EventSource {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = invoke(functionName, {
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: new Date().toISOString(),
    })
      .catch(onError)
      .finally(() => {
        busy = false;
      });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
