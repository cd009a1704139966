import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  ReEncryptCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Attempt } from './attempts-on-items.ts';

/** Everything that can be tried on a neighbour's data key. @param wrapped made in the neighbour's context */
export function attemptsOnDataKey({
  kms,
  keyId,
  wrapped,
  own,
  neighbour,
  purpose,
}: {
  kms: KMSClient;
  keyId: string;
  wrapped: Uint8Array;
  own: string;
  neighbour: string;
  purpose: string;
}): Attempt[] {
  const theirs = { userId: neighbour, purpose };
  const CiphertextBlob = wrapped;
  const attempts: Record<string, () => Promise<unknown>> = {
    'Decrypt in the context of the neighbour': () =>
      kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: theirs })),
    'Decrypt without context': () => kms.send(new DecryptCommand({ CiphertextBlob })),
    'Decrypt with the purpose only': () =>
      kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { purpose } })),
    'GenerateDataKey for the neighbour': () =>
      kms.send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: theirs })),
    'GenerateDataKey for nobody': () => kms.send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' })),
    GenerateDataKeyWithoutPlaintext: () =>
      kms.send(
        new GenerateDataKeyWithoutPlaintextCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: theirs }),
      ),
    Encrypt: () =>
      kms.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x'), EncryptionContext: theirs })),
    'ReEncrypt into the own context': () =>
      kms.send(
        new ReEncryptCommand({
          CiphertextBlob,
          SourceEncryptionContext: theirs,
          DestinationKeyId: keyId,
          DestinationEncryptionContext: { userId: own, purpose },
        }),
      ),
  };
  return Object.entries(attempts).map(([what, run]) => ({ what: `KMS ${what}`, run }));
}

/** Everything that can be tried on a neighbour's objects. */
export function attemptsOnObjects({
  s3,
  Bucket,
  own,
  neighbour,
  name,
}: {
  s3: S3Client;
  Bucket: string;
  own: string;
  neighbour: string;
  name: string;
}): Attempt[] {
  const Key = `users/${neighbour}/${name}`;
  const ownKey = `users/${own}/stolen`;
  const attempts: Record<string, () => Promise<unknown>> = {
    GetObject: () => s3.send(new GetObjectCommand({ Bucket, Key })),
    'GetObject by a detour': () =>
      s3.send(new GetObjectCommand({ Bucket, Key: `users/${own}/../${neighbour}/${name}` })),
    'GetObject of a version': () => s3.send(new GetObjectCommand({ Bucket, Key, VersionId: '1' })),
    HeadObject: () => s3.send(new HeadObjectCommand({ Bucket, Key })),
    PutObject: () => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'taken' })),
    DeleteObject: () => s3.send(new DeleteObjectCommand({ Bucket, Key })),
    DeleteObjects: () => s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: ownKey }, { Key }] } })),
    'CopyObject to the own prefix': () =>
      s3.send(new CopyObjectCommand({ Bucket, Key: ownKey, CopySource: `${Bucket}/${Key}` })),
    'CopyObject over it': () => s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${ownKey}` })),
    CreateMultipartUpload: () => s3.send(new CreateMultipartUploadCommand({ Bucket, Key })),
    'ListObjects of the neighbour': () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: `users/${neighbour}/` })),
    'ListObjects of everybody': () => s3.send(new ListObjectsV2Command({ Bucket })),
    'ListObjects of all users': () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'users/' })),
    ListObjectVersions: () => s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: `users/${neighbour}/` })),
    ListMultipartUploads: () => s3.send(new ListMultipartUploadsCommand({ Bucket })),
    ListBuckets: () => s3.send(new ListBucketsCommand({})),
  };
  return Object.entries(attempts).map(([what, run]) => ({ what: `S3 ${what}`, run }));
}
