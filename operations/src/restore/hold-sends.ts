import { GetCommand, paginateQuery, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AwsClients } from '@top-active/aws';
import { keys, prefixes, shardPrefix, userPrefix } from '@top-active/aws/items/keys';
import type { CommandState, HostCommandKind } from '@top-active/core/contracts';
import { z } from 'zod';

/** Beside placements the table keeps what is known of pages and models, in partitions of their own. */
const keySchema = z.object({ pk: z.string() });
const placementSchema = z.object({ sk: z.string().startsWith(userPrefix) });
const markerSchema = z.object({ id: z.string() });
const commandSchema = z.object({ state: z.string(), kind: z.string() });

const send: HostCommandKind = 'message.send';
const pending: CommandState = 'PENDING';
const claimed: CommandState = 'CLAIMED';

/**
 * Sends that were open at the restore point may have left since then. They are marked as claimed by a host of before,
 * so that the next one looks for the message in the chat first, and never sends it a second time. Run before any host
 * starts; good for any number of times.
 * @returns how many were marked
 */
export async function holdSends(
  { dynamodb }: Pick<AwsClients, 'dynamodb'>,
  tables: { items: string; placements: string },
): Promise<number> {
  let held = 0;
  for (const pk of await placedUsers({ dynamodb }, tables.placements))
    for (const id of await openCommands({ dynamodb }, { table: tables.items, pk }))
      if (await hold({ dynamodb }, { table: tables.items, pk, id })) held += 1;
  return held;
}

async function placedUsers({ dynamodb }: Pick<AwsClients, 'dynamodb'>, table: string): Promise<string[]> {
  const users: string[] = [];
  for await (const page of paginateScan({ client: dynamodb }, { TableName: table, ConsistentRead: true }))
    for (const item of page.Items ?? [])
      if (keySchema.parse(item).pk.startsWith(shardPrefix)) users.push(placementSchema.parse(item).sk);
  return users;
}

async function openCommands(
  { dynamodb }: Pick<AwsClients, 'dynamodb'>,
  { table, pk }: { table: string; pk: string },
): Promise<string[]> {
  const ids: string[] = [];
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefixes.pending },
    ConsistentRead: true,
  };
  for await (const page of paginateQuery({ client: dynamodb }, query))
    for (const item of page.Items ?? []) ids.push(markerSchema.parse(item).id);
  return ids;
}

/** The time of its last change stays: from there on the chat is looked through. */
async function hold(
  { dynamodb }: Pick<AwsClients, 'dynamodb'>,
  { table, pk, id }: { table: string; pk: string; id: string },
): Promise<boolean> {
  const Key = { pk, sk: keys.command(id) };
  const { Item } = await dynamodb.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  const record = Item && commandSchema.parse(Item);
  if (record?.kind !== send || record.state !== pending) return false;
  await dynamodb.send(
    new UpdateCommand({
      TableName: table,
      Key,
      UpdateExpression: 'SET #state = :claimed, claimedBy = :restore, claimedEpoch = :none',
      ConditionExpression: '#state = :pending',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':claimed': claimed, ':restore': 'restore', ':none': 0, ':pending': pending },
    }),
  );
  return true;
}
