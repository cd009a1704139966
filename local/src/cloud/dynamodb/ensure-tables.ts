import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** Creates the tables that don't exist yet. Answers the ARN of each table's stream, where it has one. */
export async function ensureTables(
  client: DynamoDBClient,
  tables: readonly CreateTableCommandInput[],
): Promise<Map<string, string>> {
  const streams = new Map<string, string>();
  for (const table of tables) {
    const name = table.TableName ?? '';
    const description =
      (await describe(client, name)) ?? (await client.send(new CreateTableCommand(table))).TableDescription;
    if (description?.LatestStreamArn) streams.set(name, description.LatestStreamArn);
  }
  return streams;
}

async function describe(client: DynamoDBClient, name: string) {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
