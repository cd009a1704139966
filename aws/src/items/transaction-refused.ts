import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/** `condition`: one that the caller made; `contention`: others write the same items, or too much is going on. */
export type RefusalReason = 'none' | 'condition' | 'contention' | 'invalid';

/** A transaction that wrote nothing. `reasons` are in the order of its writes. */
export class TransactionRefused extends Error {
  override readonly name = 'TransactionRefused';
  readonly reasons: readonly RefusalReason[];

  constructor(reasons: readonly RefusalReason[]) {
    super(`Transaction was refused: ${reasons.join(', ')}`);
    this.reasons = reasons;
  }

  /** Whether another round may succeed. */
  get retryable(): boolean {
    return !this.reasons.includes('invalid');
  }
}

const contention = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * The refusal in a cancelled transaction, without the items that DynamoDB quotes in it. Undefined for any other error.
 */
export function refusalOf(error: unknown): TransactionRefused | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reasons = (error.CancellationReasons ?? []).map(({ Code }): RefusalReason => {
    if (Code === undefined || Code === 'None') return 'none';
    if (Code === 'ConditionalCheckFailed') return 'condition';
    return contention.has(Code) ? 'contention' : 'invalid';
  });
  return new TransactionRefused(reasons);
}
