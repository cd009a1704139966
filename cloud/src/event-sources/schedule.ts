import { randomUUID } from 'node:crypto';
import { localAccountId, localRegion } from '../wire/index.ts';
import { settleBeforeStop } from './settle-before-stop.ts';
import type { EventSource, InvokeFunction, OnError } from './types.ts';

export interface ScheduleOptions {
  functionName: string;
  everyMs: number;
  invoke: InvokeFunction;
  onError: OnError;
}

/** Invokes a function at a fixed rate, as an EventBridge rule does, but never twice at once: a slow run skips turns. */
export function startSchedule({ functionName, everyMs, invoke, onError }: ScheduleOptions): EventSource {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= invoke(functionName, scheduledEvent(functionName))
      .catch(onError)
      .finally(() => {
        running = undefined;
      });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await settleBeforeStop(running ? [running] : []);
    },
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-eventbridge.html */
function scheduledEvent(functionName: string): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: localAccountId,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: localRegion,
    resources: [`arn:aws:events:${localRegion}:${localAccountId}:rule/${functionName}`],
    detail: {},
  };
}
