import { readFailures } from './batch-item-failures.ts';
import type { SequencedRecord } from './stream-records.ts';
import type { InvokeFunction } from './types.ts';

export interface DeliveryOptions {
  functionName: string;
  invoke: InvokeFunction;
  /** Retries of one record before it is given up. */
  maximumRetryAttempts: number;
  /** Takes the records that were given up: the on-failure destination. */
  onFailure: (records: readonly object[]) => Promise<void>;
  /** Told after each part that is done with: the sequence number up to which nothing is left. */
  onProgress: (sequenceNumber: string) => void;
  /** Waits between attempts; answers false when it is time to stop. */
  rest: (ms: number) => Promise<boolean>;
}

interface Batch {
  records: readonly SequencedRecord[];
  /** Failed attempts of a batch that can't be divided any more. */
  attempts: number;
}

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/**
 * Hands records to a function in their order, until each is taken or given up. A batch that fails is divided until the
 * broken record is alone; dividing is no retry.
 * @returns false when it was told to stop before all were done with.
 * @throws whatever onFailure throws: a record that can be put nowhere stays where it is.
 */
export async function deliverRecords(records: readonly SequencedRecord[], options: DeliveryOptions): Promise<boolean> {
  const waiting: Batch[] = records.length > 0 ? [{ records, attempts: 0 }] : [];
  for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
    const taken = await attempt(batch.records, options);
    const [rest, attempts] = [batch.records.slice(taken), taken > 0 ? 0 : batch.attempts];
    const last = batch.records[taken - 1];
    if (last) options.onProgress(last.sequenceNumber);
    if (rest.length === 0) continue;

    if (rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      waiting.unshift({ records: rest.slice(0, middle), attempts }, { records: rest.slice(middle), attempts: 0 });
    } else if (attempts >= options.maximumRetryAttempts) {
      await options.onFailure(rest.map(({ record }) => record));
      for (const { sequenceNumber } of rest) options.onProgress(sequenceNumber);
      continue;
    } else {
      waiting.unshift({ records: rest, attempts: attempts + 1 });
    }
    const pauseMs = rest.length > 1 ? 0 : Math.min(firstPauseMs * 2 ** attempts, longestPauseMs);
    if (!(await options.rest(pauseMs))) return false;
  }
  return true;
}

/** How many of the records, from the first on, the function has taken. */
async function attempt(records: readonly SequencedRecord[], options: DeliveryOptions): Promise<number> {
  try {
    const response = await options.invoke(options.functionName, { Records: records.map(({ record }) => record) });
    const failed = readFailures(
      response,
      records.map(({ sequenceNumber }) => sequenceNumber),
    );
    if (failed === 'all') return 0;
    // Everything from the first failed record on is delivered again.
    const first = records.findIndex(({ sequenceNumber }) => failed.has(sequenceNumber));
    return first === -1 ? records.length : first;
  } catch {
    // The Lambda runtime has logged why.
    return 0;
  }
}
