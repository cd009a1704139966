import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localRegion } from '@top-active/cloud/wire';

/** The operator's client for the tables of a stack that doesn't run. */
export function dynamoDbClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: localRegion,
    credentials: { accessKeyId: 'AKIALOCALOPERATOR', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}
