import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Cloud } from '@top-active/local/stack/boot-cloud';

/** Everything stored in any table, as text: of one user, or of all. For tests, with rights that no product code has. */
export async function storedText({ servers, tables }: Cloud, userId?: string): Promise<string> {
  const client = new DynamoDBClient({
    endpoint: servers.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  try {
    const scans = await Promise.all(
      Object.values(tables).map((TableName) => client.send(new ScanCommand({ TableName }))),
    );
    return scans
      .flatMap(({ Items = [] }) => Items)
      .map((item) =>
        JSON.stringify(item, (_, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
        ),
      )
      .filter((text) => userId === undefined || text.includes(userId))
      .join('\n');
  } finally {
    client.destroy();
  }
}
