import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { itemSize, itemSchema } from './item-size.ts';
import type { Usage } from './meter.ts';
import type { Exchange } from './metered-endpoint.ts';
import { actionOf } from './action-of.ts';

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']);

const bodySchema = z.looseObject({});
const consumedSchema = z.object({ TableName: z.string(), CapacityUnits: z.number() });
const answerSchema = z.object({
  ConsumedCapacity: z.union([consumedSchema.transform((one) => [one]), z.array(consumedSchema)]).default([]),
});
const writeSchema = z.object({ TableName: z.string(), Item: itemSchema.optional(), Key: itemSchema.optional() });
const transactionSchema = z.object({ TransactItems: z.array(z.record(z.string(), writeSchema)) });

/** Has DynamoDB tell the capacity that a request takes: it alone knows the items as they are. */
export function askForCapacity(headers: IncomingHttpHeaders, body: string): string {
  const action = actionOf(headers, body);
  if (!reads.has(action) && !writes.has(action)) return body;
  return JSON.stringify({ ...bodySchema.parse(JSON.parse(body)), ReturnConsumedCapacity: 'TOTAL' });
}

/**
 * The capacity that a request to DynamoDB took. One that was refused for its condition is billed as if it had written.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function dynamoDbUsage({ headers, requestBody, status, responseBody }: Exchange): Usage[] {
  const action = actionOf(headers, requestBody);
  // Lambda reads streams free of charge.
  const service = headers['x-amz-target']?.includes('Streams') ? 'dynamodb-streams' : 'dynamodb';
  const consumed = status < 300 ? capacityOf(action, responseBody) : refusedWrites(action, requestBody, responseBody);
  if (consumed.length === 0) return [{ service, action, resource: '', amounts: { requests: 1 } }];
  const kind = kindOfItem(requestBody);
  return consumed.map(({ table, units }, index) => ({
    service,
    action: status < 300 ? action : `${action} (refused)`,
    resource: kind ? `${table} ${kind}` : table,
    // A transaction over two tables is one request.
    amounts: { requests: index === 0 ? 1 : 0, [reads.has(action) ? 'readUnits' : 'writeUnits']: units },
  }));
}

const oneKeySchema = z.object({
  Key: z.object({ sk: z.object({ S: z.string() }) }).optional(),
  Item: z.object({ sk: z.object({ S: z.string() }) }).optional(),
  IndexName: z.string().optional(),
  ExpressionAttributeValues: z.looseObject({ ':from': z.object({ S: z.string() }).optional() }).optional(),
});

/**
 * Which of our items a request is about, by the beginning of its sort key; the index where it reads one. Undefined:
 * several.
 */
function kindOfItem(requestBody: string): string | undefined {
  const parsed = oneKeySchema.safeParse(JSON.parse(requestBody));
  if (!parsed.success) return undefined;
  const { Key, Item, IndexName, ExpressionAttributeValues } = parsed.data;
  if (IndexName) return IndexName;
  const sk = Key?.sk.S ?? Item?.sk.S ?? ExpressionAttributeValues?.[':from']?.S;
  return sk?.split('#')[0];
}

function capacityOf(action: string, responseBody: string): { table: string; units: number }[] {
  if (!reads.has(action) && !writes.has(action)) return [];
  const { ConsumedCapacity } = answerSchema.parse(JSON.parse(responseBody));
  return ConsumedCapacity.map(({ TableName, CapacityUnits }) => ({ table: TableName, units: CapacityUnits }));
}

/** What the request itself tells: sizes of what it wanted to put, one unit where it names a key only. */
function refusedWrites(action: string, requestBody: string, responseBody: string): { table: string; units: number }[] {
  if (!/ConditionalCheckFailed|TransactionCanceled/.test(responseBody)) return [];
  const body: unknown = JSON.parse(requestBody);
  if (action !== 'TransactWriteItems') {
    const write = writeSchema.parse(body);
    return [{ table: write.TableName, units: unitsOf(write) }];
  }
  const byTable = new Map<string, number>();
  for (const write of transactionSchema.parse(body).TransactItems.flatMap((one) => Object.values(one)))
    byTable.set(write.TableName, (byTable.get(write.TableName) ?? 0) + 2 * unitsOf(write));
  return [...byTable].map(([table, units]) => ({ table, units }));
}

function unitsOf({ Item }: z.infer<typeof writeSchema>): number {
  return Item ? Math.max(1, Math.ceil(itemSize(Item) / 1024)) : 1;
}
