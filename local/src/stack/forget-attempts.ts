import { DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { localRegion } from '@top-active/cloud/wire';
import type { Cloud } from './boot-cloud.ts';

/**
 * As if so much time had passed that nobody's attempts count any more. For tests that do in a minute what people do in
 * days.
 * @param scope of the limit whose attempts are meant
 */
export async function forgetAttempts(
  { servers, tables }: Pick<Cloud, 'servers' | 'tables'>,
  scope: string,
): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: servers.dynamodb,
    region: localRegion,
    credentials: { accessKeyId: 'AKIALOCALPROVISIONER', secretAccessKey: 'local' },
  });
  try {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.limits, ProjectionExpression: 'pk' }));
    await Promise.all(
      Items.flatMap(({ pk }) =>
        pk?.S?.startsWith(`${scope}#`)
          ? [client.send(new DeleteItemCommand({ TableName: tables.limits, Key: { pk } }))]
          : [],
      ),
    );
  } finally {
    client.destroy();
  }
}
