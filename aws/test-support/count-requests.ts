import { randomUUID } from 'node:crypto';
import type { TestDynamoDb } from './dynoxide.ts';

/** How often each operation is asked of DynamoDB, from now until `end`. */
export function countRequests({ client }: Pick<TestDynamoDb, 'client'>): { end: () => Record<string, number> } {
  const counts: Record<string, number> = {};
  const name = `count-${randomUUID()}`;
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        counts[commandName] = (counts[commandName] ?? 0) + 1;
        return next(args);
      },
    { step: 'initialize', name },
  );
  return {
    end() {
      client.middlewareStack.remove(name);
      return counts;
    },
  };
}
