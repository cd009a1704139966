import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** Plain values of an image in a DynamoDB stream record. */
export function itemOfImage(image: Readonly<Record<string, object>>): Record<string, unknown> {
  // Stream events have the wire form of attribute values, which is the SDK's.
  return unmarshall(image as Record<string, AttributeValue>);
}
