/** Calls a Lambda function; rejects when it fails. */
export type InvokeFunction = (functionName: string, event: unknown) => Promise<unknown>;

export interface EventSource {
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>;
}

/** Told of what goes wrong outside the function itself. */
export type OnError = (error: unknown) => void;

/** Ids that a function reported as failed, in the shape of a partial batch response; undefined for none at all. */
export function failedItems(response: unknown): string[] {
  if (typeof response !== 'object' || response === null || !('batchItemFailures' in response)) return [];
  const { batchItemFailures } = response as { batchItemFailures?: { itemIdentifier?: string }[] };
  return (batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier ?? '');
}
