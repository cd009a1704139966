import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';

/**
 * Attribute values have the same form on the wire, in stream events and in the SDK; only binary ones are base64 here.
 */
const imageSchema = z.record(
  z.string(),
  z.custom<AttributeValue>((value) => typeof value === 'object'),
);

/** Plain values of an image in a DynamoDB stream record. */
export function itemOfImage(image: unknown): Record<string, unknown> {
  return unmarshall(imageSchema.parse(image));
}
