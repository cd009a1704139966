import { z } from 'zod';
import { AwsError, localAccountId, localRegion, type Access } from '../wire/index.ts';
import type { TableKeys } from './deployment.ts';
import { inputSchema, itemSchema, type DynamoDbInput } from './dynamodb-input.ts';
import { namedAttributes, partitionOfCondition } from './dynamodb-expressions.ts';
import { encryptionAccess } from './encryption-access.ts';

export interface TableFacts {
  tables: ReadonlyMap<string, TableKeys>;
  encryptionKeyOf: (arn: string) => string | undefined;
}

const batchGetSchema = z.looseObject({
  RequestItems: z.record(z.string(), inputSchema.extend({ Keys: z.array(itemSchema) })),
});
const batchWriteSchema = z.looseObject({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: itemSchema }).optional(),
        DeleteRequest: z.object({ Key: itemSchema }).optional(),
      }),
    ),
  ),
});
const transactionSchema = z.looseObject({
  TransactItems: z.array(
    z.object({
      Get: inputSchema.optional(),
      Put: inputSchema.optional(),
      Update: inputSchema.optional(),
      Delete: inputSchema.optional(),
      ConditionCheck: inputSchema.optional(),
    }),
  ),
});
const transactionActions = [
  ['Get', 'GetItem'],
  ['Put', 'PutItem'],
  ['Update', 'UpdateItem'],
  ['Delete', 'DeleteItem'],
  ['ConditionCheck', 'ConditionCheckItem'],
] as const;

const partiQl = new Set(['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction']);

/** Operations on items: they need the table's key too. The others only describe or change tables. */
const itemOperations = new Set(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan']);

/**
 * What IAM must allow for one operation of DynamoDB, with the condition keys that AWS documents; and the use of the
 * customer's key in the caller's name where the table is encrypted with one.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export function dynamoDbAccesses(operation: string, body: unknown, facts: TableFacts): Access[] {
  if (partiQl.has(operation))
    throw new AwsError({
      code: 'AccessDeniedException',
      message: `${operation}: PartiQL is not used in this product.`,
    });
  const accesses = itemAccesses(operation, body, facts);
  return [...accesses, ...tableKeyAccesses(accesses, facts)];
}

function itemAccesses(operation: string, body: unknown, facts: TableFacts): Access[] {
  switch (operation) {
    case 'BatchGetItem':
      return Object.entries(batchGetSchema.parse(body).RequestItems).map(([table, request]) => {
        const { partitionKey } = keysOf(tableArn(table), facts);
        return access(operation, tableArn(table), {
          leadingKeys: request.Keys.map((key) => keyValue(key[partitionKey])),
          attributes: [...request.Keys.flatMap((key) => Object.keys(key)), ...namedAttributes(request)],
          select: projected(request) ? 'SPECIFIC_ATTRIBUTES' : undefined,
        });
      });
    case 'BatchWriteItem':
      return Object.entries(batchWriteSchema.parse(body).RequestItems).map(([table, writes]) => {
        const items = writes.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {});
        const { partitionKey } = keysOf(tableArn(table), facts);
        return access(operation, tableArn(table), {
          leadingKeys: items.map((item) => keyValue(item[partitionKey])),
          attributes: items.flatMap((item) => Object.keys(item)),
        });
      });
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return transactionSchema.parse(body).TransactItems.flatMap((item) =>
        transactionActions.flatMap(([kind, action]) => {
          const input = item[kind];
          return input ? [itemAccess(action, input, { facts, enclosing: operation })] : [];
        }),
      );
    default: {
      const input = inputSchema.parse(body);
      if (itemOperations.has(operation)) return [itemAccess(operation, input, { facts })];
      return [access(operation, input.TableName === undefined ? '*' : tableArn(input.TableName), {})];
    }
  }
}

function itemAccess(
  action: string,
  input: DynamoDbInput,
  { facts, enclosing }: { facts: TableFacts; enclosing?: string },
): Access {
  const table = tableArn(input.TableName ?? '');
  const keys = keysOf(table, facts);
  const resource = input.IndexName === undefined ? table : `${table}/index/${input.IndexName}`;
  const partitionKey = input.IndexName === undefined ? keys.partitionKey : (keys.indexes[input.IndexName] ?? '');
  const leading =
    action === 'Query' ? partitionOfCondition(input, partitionKey) : (input.Key ?? input.Item)?.[partitionKey];
  return access(action, resource, {
    leadingKeys: leading === undefined ? [] : [keyValue(leading)],
    attributes: [...Object.keys(input.Key ?? {}), ...Object.keys(input.Item ?? {}), ...namedAttributes(input)],
    select: input.Select ?? (projected(input) ? 'SPECIFIC_ATTRIBUTES' : undefined),
    returnValues: input.ReturnValues,
    enclosing,
  });
}

function access(
  action: string,
  resource: string,
  told: {
    leadingKeys?: string[] | undefined;
    attributes?: string[] | undefined;
    select?: string | undefined;
    returnValues?: string | undefined;
    enclosing?: string | undefined;
  },
): Access {
  return {
    action: `dynamodb:${action}`,
    resource,
    context: {
      ...(told.leadingKeys?.length && { 'dynamodb:LeadingKeys': [...new Set(told.leadingKeys)].toSorted() }),
      ...(told.attributes?.length && { 'dynamodb:Attributes': [...new Set(told.attributes)].toSorted() }),
      ...(told.select !== undefined && { 'dynamodb:Select': told.select }),
      ...(told.returnValues !== undefined && { 'dynamodb:ReturnValues': told.returnValues }),
      ...(told.enclosing !== undefined && { 'dynamodb:EnclosingOperation': told.enclosing }),
    },
  };
}

/** DynamoDB asks for the table's key once per request and table. */
function tableKeyAccesses(accesses: readonly Access[], { encryptionKeyOf }: TableFacts): Access[] {
  const touched = accesses.filter(({ action }) => action !== 'dynamodb:ListTables' && !/:(Describe|List)/.test(action));
  const tables = new Set(touched.flatMap(({ resource }) => /:table\/([^/]+)/.exec(resource)?.[1] ?? []).map(tableArn));
  return [...tables].flatMap((table) => {
    const keyArn = encryptionKeyOf(table);
    const context = {
      'aws:dynamodb:tableName': table.slice(table.lastIndexOf('/') + 1),
      'aws:dynamodb:subscriberId': localAccountId,
    };
    return keyArn === undefined
      ? []
      : [encryptionAccess({ keyArn, action: 'kms:Decrypt', service: 'dynamodb', context })];
  });
}

const streamSchema = z.looseObject({ StreamArn: z.string().optional(), ShardIterator: z.string().optional() });

/**
 * What IAM must allow for one operation of DynamoDB Streams. @param streamOf the stream that an iterator belongs to.
 */
export function streamAccesses(
  operation: string,
  body: unknown,
  { streamOf, ...facts }: TableFacts & { streamOf: (iterator: string) => string | undefined },
): Access[] {
  const { StreamArn, ShardIterator } = streamSchema.parse(body);
  const stream = StreamArn ?? (ShardIterator === undefined ? undefined : streamOf(ShardIterator));
  // By the table's name: dynoxide writes another region into the ARN of a stream.
  const resource = stream?.replace(/^arn:.*:table\/([^/]+)/, (_, table: string) => tableArn(table));
  if (resource === undefined && operation !== 'ListStreams')
    throw new AwsError({ code: 'ExpiredIteratorException', message: 'The shard iterator is not known any more.' });
  const accesses = [{ action: `dynamodb:${operation}`, resource: resource ?? '*' }];
  return operation === 'GetRecords' ? [...accesses, ...tableKeyAccesses(accesses, facts)] : accesses;
}

function tableArn(table: string): string {
  return table.startsWith('arn:') ? table : `arn:aws:dynamodb:${localRegion}:${localAccountId}:table/${table}`;
}

/** A table that no template has has no keys to compare: what asks for its leading keys is denied. */
function keysOf(arn: string, { tables }: TableFacts): TableKeys {
  return tables.get(arn) ?? { partitionKey: '', indexes: {} };
}

function keyValue(value: Record<string, unknown> | undefined): string {
  const [first] = Object.values(value ?? {});
  return typeof first === 'string' ? first : JSON.stringify(first ?? null);
}

function projected({ ProjectionExpression, AttributesToGet }: DynamoDbInput): boolean {
  return ProjectionExpression !== undefined || AttributesToGet !== undefined;
}
