/**
 * What AWS bills a request by, besides the request itself.
 * - `readUnits`, `writeUnits`: DynamoDB's, by its rules of sizes, consistency and transactions
 * - `billedRequests`: where a large request counts several times (SQS: each 64 KB, WebSocket: each 32 KB, HTTP API:
 *   each 512 KB)
 * - `megabyteSeconds`: Lambda's memory × duration
 */
const amountNames = [
  'requests',
  'readUnits',
  'writeUnits',
  'billedRequests',
  'milliseconds',
  'megabyteSeconds',
  'bytes',
] as const;

export type Amounts = Partial<Record<(typeof amountNames)[number], number>>;

/** One kind of request, and how much of it there was. */
export interface Usage {
  /** `dynamodb`, `sqs`, `lambda`, … */
  service: string;
  /** `PutItem`, `SendMessage`, `Invoke`, … */
  action: string;
  /** Table, queue or function; '' where the service has one only. */
  resource: string;
  amounts: Amounts;
}

export interface Meter {
  count(usage: Usage): void;
  /** Everything counted since the meter was made, by service, action and resource. */
  read(): Usage[];
}

/** Adds up what the embedded cloud is asked for, as an AWS bill would. */
export function createMeter(): Meter {
  const counted = new Map<string, Usage>();
  return {
    count(usage) {
      const key = keyOf(usage);
      const known = counted.get(key);
      counted.set(key, { ...usage, amounts: combine(known?.amounts ?? {}, usage.amounts, 1) });
    },
    read: () => [...counted.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  };
}

/** What was counted between two readings of one meter. */
export function usageBetween(earlier: readonly Usage[], later: readonly Usage[]): Usage[] {
  const before = new Map(earlier.map((usage) => [keyOf(usage), usage.amounts]));
  return later.flatMap((usage) => {
    const amounts = combine(usage.amounts, before.get(keyOf(usage)) ?? {}, -1);
    return Object.values(amounts).some((amount) => amount !== 0) ? [{ ...usage, amounts }] : [];
  });
}

function combine(a: Amounts, b: Amounts, factor: 1 | -1): Amounts {
  return Object.fromEntries(
    amountNames.flatMap((name) => {
      const [one, other] = [a[name], b[name]];
      return one === undefined && other === undefined ? [] : [[name, (one ?? 0) + factor * (other ?? 0)]];
    }),
  );
}

function keyOf({ service, action, resource }: Usage): string {
  return [service, action, resource].join(' ');
}
