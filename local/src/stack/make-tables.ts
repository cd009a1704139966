import { DynamoDBClient, type CreateTableCommandInput, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { tableDefinitions, type TableDefinition, type TableName } from '@top-active/aws/table-definitions';
import { ensureTables } from '@top-active/cloud/dynamodb';
import { localRegion } from '@top-active/cloud/wire';

/** On the laptop tables are called by their own names. */
export const tableNames: Readonly<Record<TableName, string>> = {
  items: 'items',
  keys: 'keys',
  placements: 'placements',
  limits: 'limits',
  erasures: 'erasures',
  leases: 'leases',
};

const definitions = Object.entries(tableDefinitions);

/** What the variables that carry tables stand for here. */
export function tableVariables({ itemsStreamArn }: { itemsStreamArn: string }) {
  return Object.fromEntries(
    definitions.map(([name, { environment, stream }]) => [
      environment,
      { name, ...(stream && { attributes: { StreamArn: itemsStreamArn } }) },
    ]),
  );
}

/** Makes the tables that are missing. @param endpoint of the server itself: a deployment asks no policy of ours. */
export async function makeTables(endpoint: string): Promise<{ itemsStreamArn: string }> {
  const credentials = { accessKeyId: 'AKIALOCALPROVISIONER', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials });
  try {
    const streams = await ensureTables(
      client,
      definitions.map(([name, definition]) => createTableInput(name, definition)),
    );
    const itemsStreamArn = streams.get(tableNames.items);
    if (!itemsStreamArn) throw new Error('The items table has no stream');
    return { itemsStreamArn };
  } finally {
    client.destroy();
  }
}

/** A table as its definition says. */
export function createTableInput(name: string, definition: TableDefinition): CreateTableCommandInput {
  const { partitionKey, sortKey, indexes, stream } = definition;
  const attributes = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(partitionKey, sortKey),
    AttributeDefinitions: [...new Set(attributes)].flatMap((attribute) =>
      attribute ? [{ AttributeName: attribute, AttributeType: 'S' as const }] : [],
    ),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: 'ALL' as const },
      })),
    }),
    ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
  };
}

function keySchema(partitionKey: string, sortKey?: string): KeySchemaElement[] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    ...(sortKey ? [{ AttributeName: sortKey, KeyType: 'RANGE' as const }] : []),
  ];
}
