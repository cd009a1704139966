export { startDynamoDb, type DynamoDb, type DynamoDbOptions } from './dynamodb.ts';
export { ensureTables } from './ensure-tables.ts';
