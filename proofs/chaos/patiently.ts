import { until } from '@top-active/local/client';

/** This machine is also busy with what is watched: a question that fails is asked again. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const { answer } = await until(async () => ({ answer: await ask() }), {
    what: 'an answer from DynamoDB',
    timeoutMs: 60_000,
    everyMs: 500,
  });
  return answer;
}
