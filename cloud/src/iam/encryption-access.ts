import { localAccountId, localRegion, type Access } from '../wire/index.ts';

/** What a service asks of KMS in its caller's name, for something that a key of the customer encrypts. */
export function encryptionAccess({
  keyArn,
  action,
  service,
  context,
}: {
  keyArn: string;
  action: 'kms:Decrypt' | 'kms:GenerateDataKey';
  service: 'dynamodb' | 'sqs' | 's3' | 'secretsmanager';
  /** The encryption context that the service documents. */
  context: Readonly<Record<string, string>>;
}): Required<Pick<Access, 'action' | 'resource'>> & { context: Record<string, string | string[]> } {
  return {
    action,
    resource: keyArn,
    context: {
      'kms:ViaService': `${service}.${localRegion}.amazonaws.com`,
      'kms:CallerAccount': localAccountId,
      'aws:ViaAWSService': 'true',
      ...Object.fromEntries(Object.entries(context).map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
      'kms:EncryptionContextKeys': Object.keys(context),
    },
  };
}
