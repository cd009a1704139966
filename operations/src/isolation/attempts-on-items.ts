import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { chatsByActivity } from '@top-active/aws/table-definitions';
import { keys, prefixes } from '@top-active/aws/items/keys';

/** One sort key of every kind there is, and what each kind begins with: a new kind comes along by itself. */
export function everySortKey(): string[] {
  const whole = Object.values(keys).map((key) => (typeof key === 'string' ? key : sample(key)));
  return [...whole, ...Object.values(prefixes)];
}

/** Keys are templates of texts: whatever goes in comes out within the key. */
function sample(key: (...parts: never[]) => string): string {
  const parts = Array.from({ length: key.length }, (_, index) => `part${index}`);
  return String(Reflect.apply(key, undefined, parts));
}

export interface Attempt {
  what: string;
  run: () => Promise<unknown>;
}

interface Reach {
  client: DynamoDBClient;
  table: string;
  /** Whose credentials the client has. */
  own: string;
  neighbour: string;
}

const S = (text: string) => ({ S: text });
const changes = {
  UpdateExpression: 'SET taken = :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
};

/** Everything that can be tried on one item of a neighbour, alone and hidden among own items. */
export function attemptsOnItem({ client, table: TableName, own, neighbour }: Reach, sk: string): Attempt[] {
  const Key = { pk: S(`USER#${neighbour}`), sk: S(sk) };
  const ownKey = { pk: S(`USER#${own}`), sk: S('PROFILE') };
  const Item = { ...Key, taken: S('yes') };
  const target = { TableName, Key };
  const own1 = { Put: { TableName, Item: { ...ownKey, mine: S('yes') } } };
  const attempts: Record<string, () => Promise<unknown>> = {
    GetItem: () => client.send(new GetItemCommand(target)),
    PutItem: () => client.send(new PutItemCommand({ TableName, Item })),
    UpdateItem: () => client.send(new UpdateItemCommand({ ...target, ...changes })),
    DeleteItem: () => client.send(new DeleteItemCommand(target)),
    BatchGetItem: () =>
      client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [ownKey, Key] } } })),
    'BatchWriteItem put': () =>
      client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } })),
    'BatchWriteItem delete': () =>
      client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key } }] } })),
    TransactGetItems: () =>
      client.send(
        new TransactGetItemsCommand({
          TransactItems: [{ Get: { TableName, Key: ownKey } }, { Get: target }],
        }),
      ),
    'TransactWriteItems put': () =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [own1, { Put: { TableName, Item } }] })),
    'TransactWriteItems update': () =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: { ...target, ...changes } }] })),
    'TransactWriteItems delete': () =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: target }] })),
    'TransactWriteItems check': () =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              ConditionCheck: { ...target, ConditionExpression: 'attribute_exists(pk)' },
            },
          ],
        }),
      ),
    Query: () =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': Key.pk, ':sk': S(sk) },
        }),
      ),
  };
  return Object.entries(attempts).map(([what, run]) => ({ what: `${what} ${sk}`, run }));
}

/** What would find a neighbour's items without naming one. */
export function attemptsOnTable({ client, table: TableName, own, neighbour }: Reach): Attempt[] {
  const of = (user: string) => ({ ':pk': S(`USER#${user}`) });
  const queries = {
    'whole partition': { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: of(neighbour) },
    'partition behind a name': {
      KeyConditionExpression: '#p = :pk',
      ExpressionAttributeNames: { '#p': 'pk' },
      ExpressionAttributeValues: of(neighbour),
    },
    'partition turned round': { KeyConditionExpression: ':pk = pk', ExpressionAttributeValues: of(neighbour) },
    'count of a partition': {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: of(neighbour),
      Select: 'COUNT' as const,
    },
    'legacy conditions': {
      KeyConditions: { pk: { ComparisonOperator: 'EQ' as const, AttributeValueList: [S(`USER#${neighbour}`)] } },
    },
    index: {
      IndexName: chatsByActivity,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: of(neighbour),
    },
    'index, projected': {
      IndexName: chatsByActivity,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: of(neighbour),
      ProjectionExpression: 'pk, sk',
    },
    'index, legacy conditions': {
      IndexName: chatsByActivity,
      KeyConditions: { pk: { ComparisonOperator: 'EQ' as const, AttributeValueList: [S(`USER#${neighbour}`)] } },
    },
  };
  const scans = {
    Scan: {},
    'Scan of the own partition': { FilterExpression: 'pk = :pk', ExpressionAttributeValues: of(own) },
    'Scan in segments': { Segment: 0, TotalSegments: 2 },
    'Scan of the index': { IndexName: chatsByActivity },
  };
  return [
    ...Object.entries(queries).map(([what, input]) => ({
      what: `Query ${what}`,
      run: () => client.send(new QueryCommand({ TableName, ...input })),
    })),
    ...Object.entries(scans).map(([what, input]) => ({
      what,
      run: () => client.send(new ScanCommand({ TableName, ...input })),
    })),
    {
      what: 'PartiQL',
      run: () =>
        client.send(
          new ExecuteStatementCommand({
            Statement: `SELECT * FROM "${TableName}" WHERE pk = ?`,
            Parameters: [S(`USER#${neighbour}`)],
          }),
        ),
    },
  ];
}
