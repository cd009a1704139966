import { describe, expect, it } from 'vitest';
import { dynamoDbAccesses, streamAccesses, type TableFacts } from './dynamodb-accesses.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/items';
const key = 'arn:aws:kms:us-east-1:000000000000:key/k';
const facts: TableFacts = {
  tables: new Map([[table, { partitionKey: 'pk', indexes: { 'by-activity': 'gsi1pk' } }]]),
  encryptionKeyOf: () => undefined,
};
const S = (text: string) => ({ S: text });
const accesses = (operation: string, input: object) => dynamoDbAccesses(operation, input, facts);

describe('what DynamoDB asks IAM for', () => {
  it('names item, leading key and attributes of a single operation', () => {
    expect(accesses('GetItem', { TableName: 'items', Key: { pk: S('A'), sk: S('1') } })).toEqual([
      {
        action: 'dynamodb:GetItem',
        resource: table,
        context: { 'dynamodb:LeadingKeys': ['A'], 'dynamodb:Attributes': ['pk', 'sk'] },
      },
    ]);
    const update = {
      TableName: table,
      Key: { pk: S('A'), sk: S('1') },
      UpdateExpression: 'SET #n = if_not_exists(#n, :zero) + :one, body.inner = :x REMOVE old',
      ConditionExpression: 'attribute_exists(pk) AND state IN (:a, :b)',
      ExpressionAttributeNames: { '#n': 'count' },
      ReturnValues: 'ALL_NEW',
    };
    expect(accesses('UpdateItem', update)[0]?.context).toEqual({
      'dynamodb:LeadingKeys': ['A'],
      'dynamodb:Attributes': ['body', 'count', 'old', 'pk', 'sk', 'state'],
      'dynamodb:ReturnValues': 'ALL_NEW',
    });
  });

  it.each([
    ['pk = :p', {}, ['A']],
    ['#p = :p AND begins_with(sk, :s)', { '#p': 'pk' }, ['A']],
    [':p = pk', {}, ['A']],
    ['sk = :p', {}, undefined],
    ['pk = :p AND pk = :q', {}, undefined],
  ])('reads the leading key of a query from %s', (KeyConditionExpression, ExpressionAttributeNames, leading) => {
    const [access] = accesses('Query', {
      TableName: 'items',
      KeyConditionExpression,
      ExpressionAttributeNames,
      ExpressionAttributeValues: { ':p': S('A'), ':q': S('B'), ':s': S('x') },
    });
    expect(access?.context?.['dynamodb:LeadingKeys']).toEqual(leading);
  });

  it('asks for the index where one is queried, by the key of the index', () => {
    const [access] = accesses('Query', {
      TableName: 'items',
      IndexName: 'by-activity',
      KeyConditions: { gsi1pk: { AttributeValueList: [S('A')], ComparisonOperator: 'EQ' } },
      Select: 'COUNT',
    });
    expect(access).toMatchObject({
      resource: `${table}/index/by-activity`,
      context: { 'dynamodb:LeadingKeys': ['A'], 'dynamodb:Select': 'COUNT' },
    });
  });

  it('takes a batch for every key in it', () => {
    const [read] = accesses('BatchGetItem', { RequestItems: { items: { Keys: [{ pk: S('A') }, { pk: S('B') }] } } });
    expect(read).toMatchObject({ action: 'dynamodb:BatchGetItem', context: { 'dynamodb:LeadingKeys': ['A', 'B'] } });
    const writes = [{ PutRequest: { Item: { pk: S('A') } } }, { DeleteRequest: { Key: { pk: S('B') } } }];
    expect(accesses('BatchWriteItem', { RequestItems: { items: writes } })).toMatchObject([
      { action: 'dynamodb:BatchWriteItem', context: { 'dynamodb:LeadingKeys': ['A', 'B'] } },
    ]);
  });

  it('takes a transaction apart', () => {
    const TransactItems = [
      { Put: { TableName: 'items', Item: { pk: S('A') } } },
      { Update: { TableName: 'items', Key: { pk: S('B') }, UpdateExpression: 'SET a = :a' } },
      { ConditionCheck: { TableName: 'items', Key: { pk: S('C') }, ConditionExpression: 'attribute_exists(pk)' } },
      { Delete: { TableName: 'items', Key: { pk: S('D') } } },
    ];
    const asked = accesses('TransactWriteItems', { TransactItems });
    expect(asked.map(({ action, context }) => [action, context?.['dynamodb:LeadingKeys']])).toEqual([
      ['dynamodb:PutItem', ['A']],
      ['dynamodb:UpdateItem', ['B']],
      ['dynamodb:ConditionCheckItem', ['C']],
      ['dynamodb:DeleteItem', ['D']],
    ]);
    expect(asked.every(({ context }) => context?.['dynamodb:EnclosingOperation'] === 'TransactWriteItems')).toBe(true);
  });

  it('has no leading key for a scan', () => {
    expect(accesses('Scan', { TableName: 'items' })).toEqual([
      { action: 'dynamodb:Scan', resource: table, context: {} },
    ]);
  });

  it.each(['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction'])('refuses PartiQL (%s)', (operation) => {
    expect(() => accesses(operation, { Statement: 'SELECT * FROM items' })).toThrow(/PartiQL/);
  });

  it("asks once for the table's key, in the caller's name and for that table", () => {
    const encrypted = { ...facts, encryptionKeyOf: (arn: string) => (arn === table ? key : undefined) };
    const query = {
      TableName: 'items',
      IndexName: 'by-activity',
      KeyConditionExpression: 'gsi1pk = :p',
      ExpressionAttributeValues: { ':p': S('A') },
    };
    expect(dynamoDbAccesses('Query', query, encrypted)).toMatchObject([
      { action: 'dynamodb:Query' },
      {
        action: 'kms:Decrypt',
        resource: key,
        context: {
          'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com',
          'kms:EncryptionContext:aws:dynamodb:tableName': 'items',
        },
      },
    ]);
    expect(dynamoDbAccesses('DescribeTable', { TableName: 'items' }, encrypted)).toHaveLength(1);
  });
});

describe('what streams ask IAM for', () => {
  const stream = `${table}/stream/2026`;
  const streamFacts = { ...facts, streamOf: (iterator: string) => (iterator === 'known' ? stream : undefined) };

  it('is the stream that an iterator came from', () => {
    expect(streamAccesses('GetRecords', { ShardIterator: 'known' }, streamFacts)).toEqual([
      { action: 'dynamodb:GetRecords', resource: stream },
    ]);
    expect(() => streamAccesses('GetRecords', { ShardIterator: 'other' }, streamFacts)).toThrow(/iterator/);
  });

  it('is the stream of a table in our region and account, whatever the emulator calls them', () => {
    const strange = stream.replace(/^arn:aws:dynamodb:[^:]+:\d+/, 'arn:aws:dynamodb:elsewhere:999999999999');
    expect(streamAccesses('DescribeStream', { StreamArn: strange }, streamFacts)).toEqual([
      { action: 'dynamodb:DescribeStream', resource: stream },
    ]);
  });
});
