import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { partitionOf } from '@top-active/aws/items/keys';
import { itemSchema, itemSize } from '@top-active/cloud/metering/item-size';
import { localRegion } from '@top-active/cloud/wire';

/** DynamoDB's own overhead of an indexed item, bytes. */
const overheadBytes = 100;

/** Bytes of a user's items that stay: without those that have a time to live. */
export async function storedBytes(options: { endpoint: string; table: string; userId: string }): Promise<number> {
  const client = new DynamoDBClient({
    endpoint: options.endpoint,
    region: localRegion,
    credentials: { accessKeyId: 'AKIALOCALPROVISIONER', secretAccessKey: 'local' },
  });
  try {
    let bytes = 0;
    let start: QueryCommand['input']['ExclusiveStartKey'];
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: options.table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: partitionOf(options.userId) } },
          ExclusiveStartKey: start,
        }),
      );
      for (const item of page.Items ?? [])
        if (!item.expiresAt) bytes += overheadBytes + itemSize(itemSchema.parse(item));
      start = page.LastEvaluatedKey;
    } while (start);
    return bytes;
  } finally {
    client.destroy();
  }
}
