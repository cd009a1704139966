import { z } from 'zod';

const responseSchema = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Ids that a function reported as failed in a partial batch response. `all`: the response is none that Lambda
 * understands, or names what is not in the batch; then the whole batch counts as failed.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function readFailures(response: unknown, ids: readonly string[]): Set<string> | 'all' {
  // Nothing, an empty object or an empty list: all went well.
  if (response === null || response === undefined || typeof response !== 'object') return new Set();
  const parsed = responseSchema.safeParse(response);
  if (!parsed.success) return 'all';
  const failed = new Set((parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  return [...failed].every((id) => ids.includes(id)) ? failed : 'all';
}
