import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  paginateListEventSourceMappings,
  type EventSourceMappingConfiguration,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';
import type { Inventory } from './inventory.ts';

export interface StreamState {
  table: string;
  /** ARN of the one that the table has now. */
  stream: string | undefined;
  /** Of functions that read a stream which the table has or had. */
  mappings: readonly { id: string; source: string; state: string; isInStack: boolean }[];
}

const guide = 'docs/operations/backup-and-restore.md#cloudformation-and-the-new-stream';

export function streamsCheck(
  { dynamodb, lambda }: { dynamodb: DynamoDBClient; lambda: LambdaClient },
  inventory: Inventory,
): Check {
  return {
    title: 'Changes of chats',
    look: async () => judgeStream(await readStream({ dynamodb, lambda }, inventory)),
  };
}

/** Whether _dispatch_ reads what changes: no alarm tells of a stream that nobody reads. */
export function judgeStream(state: StreamState | undefined): Finding {
  if (!state) return fail('there is no table of chats', 'Deploy: npm run deploy');
  const { table, stream, mappings } = state;
  const current = mappings.find(({ source }) => source === stream);
  if (!stream || !current)
    return fail(
      `no function reads the stream of ${table}: nobody gets suggestions`,
      `If there was a restore, run it again with the same --at. If not, see ${guide}`,
    );
  if (!['Enabled', 'Enabling', 'Creating', 'Updating'].includes(current.state))
    return fail(
      `the mapping that reads ${table} is ${current.state}: nobody gets suggestions`,
      `aws lambda update-event-source-mapping --uuid ${current.id} --enabled`,
    );
  if (!current.isInStack)
    return warn('a restore created the mapping, and CloudFormation’s stack workers doesn’t know it', `See ${guide}`);
  if (mappings.length > 1)
    return warn(
      `${mappings.length - 1} mappings read earlier streams of ${table}`,
      'Delete them: aws lambda delete-event-source-mapping --uuid …',
    );
  return ok(`read from the stream of ${table}`);
}

async function readStream(
  { dynamodb, lambda }: { dynamodb: DynamoDBClient; lambda: LambdaClient },
  inventory: Inventory,
): Promise<StreamState | undefined> {
  const tables = await inventory.resources('AWS::DynamoDB::Table');
  const items = tables.find(({ logicalId }) => logicalId.startsWith('Items'));
  if (!items) return undefined;
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: items.physicalId }));
  const known = new Set(
    (await inventory.resources('AWS::Lambda::EventSourceMapping')).map(({ physicalId }) => physicalId),
  );
  const found = await mappingsOfTable(lambda, Table?.TableArn ?? '');
  return {
    table: items.physicalId,
    stream: Table?.LatestStreamArn,
    mappings: found.map(({ UUID = '', EventSourceArn = '', State = '' }) => ({
      id: UUID,
      source: EventSourceArn,
      state: State,
      isInStack: known.has(UUID),
    })),
  };
}

/** Those on any stream that the table has had; without those that are being deleted already. */
export async function mappingsOfTable(
  client: LambdaClient,
  tableArn: string,
): Promise<EventSourceMappingConfiguration[]> {
  const found: EventSourceMappingConfiguration[] = [];
  for await (const page of paginateListEventSourceMappings({ client }, {}))
    for (const mapping of page.EventSourceMappings ?? [])
      if (mapping.EventSourceArn?.startsWith(`${tableArn}/stream/`) && mapping.State !== 'Deleting')
        found.push(mapping);
  return found;
}
