import { z } from 'zod';
import { localAccountId, localRegion, type Access } from '../wire/index.ts';
import { encryptionAccess } from './encryption-access.ts';

const inputSchema = z.looseObject({ QueueUrl: z.string().optional(), QueueName: z.string().optional() });

/** IAM knows no batches. */
const actions: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
const keyActions: Readonly<Record<string, readonly ('kms:Decrypt' | 'kms:GenerateDataKey')[]>> = {
  SendMessage: ['kms:GenerateDataKey', 'kms:Decrypt'],
  ReceiveMessage: ['kms:Decrypt'],
};

/** What IAM must allow for one operation of SQS. */
export function sqsAccesses(
  operation: string,
  input: unknown,
  encryptionKeyOf: (arn: string) => string | undefined,
): Access[] {
  const { QueueUrl, QueueName } = inputSchema.parse(input);
  const name = QueueUrl === undefined ? QueueName : QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  const action = actions[operation] ?? operation;
  if (name === undefined) return [{ action: `sqs:${action}`, resource: '*' }];
  const resource = `arn:aws:sqs:${localRegion}:${localAccountId}:${name}`;
  const keyArn = encryptionKeyOf(resource);
  const keys = keyArn === undefined ? [] : (keyActions[action] ?? []);
  return [
    { action: `sqs:${action}`, resource },
    ...keys.map((keyAction) =>
      encryptionAccess({
        keyArn: keyArn ?? '',
        action: keyAction,
        service: 'sqs',
        context: { 'aws:sqs:arn': resource },
      }),
    ),
  ];
}
