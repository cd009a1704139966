import { BatchWriteItemCommand, DynamoDBClient, QueryCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { keys, partitionOf } from '@top-active/aws/items/keys';
import { localRegion } from '@top-active/cloud/wire';

export interface HistoryOptions {
  endpoint: string;
  table: string;
  userId: string;
  chatId: string;
  /** Messages to add, all older than those that are there. */
  messages: number;
}

type Item = Record<string, AttributeValue>;

const batchSize = 25;
const parallel = 8;

/**
 * Puts old messages into a chat, without asking the product: copies of its oldest one, each a second before the other.
 */
export async function growHistory(options: HistoryOptions): Promise<void> {
  const { endpoint, table, chatId, messages } = options;
  const client = new DynamoDBClient({
    endpoint,
    region: localRegion,
    credentials: { accessKeyId: 'AKIALOCALPROVISIONER', secretAccessKey: 'local' },
  });
  try {
    const oldest = await readOldest(client, options);
    const second = Math.floor(Date.parse(oldest.sentAt?.S ?? '') / 1000);
    const items = Array.from({ length: messages }, (_, index) =>
      copyOf(oldest, { chatId, second: second - messages - 1 + index }),
    );
    const batches = Array.from({ length: Math.ceil(items.length / batchSize) }, (_, index) =>
      items.slice(index * batchSize, (index + 1) * batchSize),
    );
    let next = 0;
    const work = async () => {
      for (let batch = batches[next++]; batch; batch = batches[next++]) await writeBatch(client, table, batch);
    };
    await Promise.all(Array.from({ length: parallel }, work));
  } finally {
    client.destroy();
  }
}

async function writeBatch(client: DynamoDBClient, table: string, batch: readonly Item[]): Promise<void> {
  const { UnprocessedItems = {} } = await client.send(
    new BatchWriteItemCommand({ RequestItems: { [table]: batch.map((Item) => ({ PutRequest: { Item } })) } }),
  );
  if (Object.keys(UnprocessedItems).length > 0) throw new Error('DynamoDB left messages unwritten');
}

async function readOldest(client: DynamoDBClient, { table, userId, chatId }: HistoryOptions): Promise<Item> {
  const { Items: [oldest] = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': { S: partitionOf(userId) }, ':prefix': { S: keys.messagesOf(chatId) } },
      Limit: 1,
    }),
  );
  if (!oldest) throw new Error('The chat has no message to copy');
  return oldest;
}

/** Without the item that finds it by WhatsApp's own id: that one is only ever read by its whole key. */
function copyOf(model: Item, { chatId, second }: { chatId: string; second: number }): Item {
  const stanzaId = `HISTORY${second}`;
  const id = `${String(second * 1000).padStart(13, '0')}-${stanzaId}`;
  return {
    ...model,
    sk: { S: keys.message(chatId, id) },
    id: { S: id },
    stanzaId: { S: stanzaId },
    sentAt: { S: new Date(second * 1000).toISOString() },
  };
}
