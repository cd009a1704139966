export { startDynamoDb, type DynamoDb } from './dynamodb.ts';
export { ensureTables } from './ensure-tables.ts';
