import { z } from 'zod';

const valueSchema = z.record(z.string(), z.unknown());
export const itemSchema = z.record(z.string(), valueSchema);
/** The parts of requests that IAM looks at. */
export const inputSchema = z.looseObject({
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  Key: itemSchema.optional(),
  Item: itemSchema.optional(),
  KeyConditionExpression: z.string().optional(),
  KeyConditions: z
    .record(z.string(), z.looseObject({ AttributeValueList: z.array(valueSchema).default([]) }))
    .optional(),
  FilterExpression: z.string().optional(),
  ConditionExpression: z.string().optional(),
  UpdateExpression: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  AttributesToGet: z.array(z.string()).optional(),
  AttributeUpdates: z.record(z.string(), z.unknown()).optional(),
  Expected: z.record(z.string(), z.unknown()).optional(),
  QueryFilter: z.record(z.string(), z.unknown()).optional(),
  ScanFilter: z.record(z.string(), z.unknown()).optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: itemSchema.optional(),
  Select: z.string().optional(),
  ReturnValues: z.string().optional(),
  ReturnConsumedCapacity: z.string().optional(),
});
export type DynamoDbInput = z.output<typeof inputSchema>;
