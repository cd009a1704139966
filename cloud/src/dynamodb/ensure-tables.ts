import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  waitUntilTableExists,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { ServiceStartError } from '../loopback/index.ts';

const activeWithinSeconds = 30;

/**
 * Creates the tables that don't exist yet. Answers the ARN of each table's stream, where it has one.
 * @throws ServiceStartError when a table is there with other keys, indexes or stream.
 */
export async function ensureTables(
  client: DynamoDBClient,
  tables: readonly CreateTableCommandInput[],
): Promise<Map<string, string>> {
  const streams = new Map<string, string>();
  for (const table of tables) {
    const name = table.TableName ?? '';
    const found = (await describe(client, name)) ?? (await create(client, table));
    refuseOther(found, table);
    if (found.LatestStreamArn) streams.set(name, found.LatestStreamArn);
  }
  return streams;
}

async function create(client: DynamoDBClient, table: CreateTableCommandInput): Promise<TableDescription> {
  try {
    await client.send(new CreateTableCommand(table));
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const created = await describe(client, table.TableName ?? '');
  if (created?.TableStatus === 'ACTIVE') return created;
  const waiter = { client, maxWaitTime: activeWithinSeconds, minDelay: 1, maxDelay: 1 };
  await waitUntilTableExists(waiter, { TableName: table.TableName });
  return (await describe(client, table.TableName ?? '')) ?? {};
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function refuseOther(found: TableDescription, wanted: CreateTableCommandInput): void {
  const [is, should] = [shapeOf(found), shapeOf(wanted)];
  if (is === should) return;
  throw new ServiceStartError({
    problem: `The table ${wanted.TableName} was made by another version of this project: it is ${is}, not ${should}.`,
    remedy: 'Start over with: npm start -- --fresh (this deletes what was linked and stored locally).',
  });
}

type Shape = Pick<CreateTableCommandInput, 'KeySchema' | 'GlobalSecondaryIndexes' | 'StreamSpecification'>;

/** Keys, indexes and stream: what all else builds on. */
function shapeOf({ KeySchema, GlobalSecondaryIndexes = [], StreamSpecification }: Shape | TableDescription): string {
  const indexes = GlobalSecondaryIndexes.map((index) => `${index.IndexName}(${keysOf(index.KeySchema)})`);
  const stream = StreamSpecification?.StreamEnabled ? `stream of ${StreamSpecification.StreamViewType}` : 'no stream';
  return [`(${keysOf(KeySchema)})`, ...indexes.toSorted(), stream].join(' ');
}

function keysOf(schema: Shape['KeySchema']): string {
  return schema?.map(({ AttributeName }) => AttributeName).join(', ') ?? '';
}
