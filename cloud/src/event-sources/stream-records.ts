import type { _Record as SdkRecord } from '@aws-sdk/client-dynamodb-streams';
import { localRegion } from '../wire/index.ts';

/** A record as Lambda hands it over. */
interface StreamRecord {
  eventID: string | undefined;
  eventName: string | undefined;
  eventVersion: string;
  eventSource: string;
  awsRegion: string;
  dynamodb: object;
  eventSourceARN: string;
}

export interface SequencedRecord {
  sequenceNumber: string;
  record: StreamRecord;
}

/** What the SDK read, in the form that a function sees: times in seconds, bytes in base64. */
export function toSequenced({ eventID, eventName, dynamodb }: SdkRecord, streamArn: string): SequencedRecord {
  if (dynamodb?.SequenceNumber === undefined) throw new Error(`Record ${eventID} has no sequence number.`);
  const at = dynamodb.ApproximateCreationDateTime?.getTime();
  return {
    sequenceNumber: dynamodb.SequenceNumber,
    record: {
      eventID,
      eventName,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: localRegion,
      dynamodb: {
        ...Object.fromEntries(Object.entries(dynamodb).map(([name, value]) => [name, bytesToText(value)])),
        ...(at !== undefined && { ApproximateCreationDateTime: Math.floor(at / 1000) }),
      },
      eventSourceARN: streamArn,
    },
  };
}

function bytesToText(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(bytesToText);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, bytesToText(inner)]));
}
