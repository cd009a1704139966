import { describe, expect, it } from 'vitest';
import { s3Accesses } from './s3-accesses.ts';
import { sqsAccesses } from './sqs-accesses.ts';

const noKey = () => undefined;
const s3 = (method: string, url: string, more: object = {}) =>
  s3Accesses({ method, url, headers: {}, ...more }, noKey).map(({ action, resource }) => [action, resource]);

describe('what S3 asks IAM for', () => {
  it.each([
    ['GET', '/media/users/a/1.jpg?x-id=GetObject', [['s3:GetObject', 'arn:aws:s3:::media/users/a/1.jpg']]],
    ['HEAD', '/media/users/a/1.jpg', [['s3:GetObject', 'arn:aws:s3:::media/users/a/1.jpg']]],
    ['GET', '/media/a?versionId=1', [['s3:GetObjectVersion', 'arn:aws:s3:::media/a']]],
    ['PUT', '/media/users%2Fa/1%202?partNumber=1&uploadId=u', [['s3:PutObject', 'arn:aws:s3:::media/users/a/1 2']]],
    ['POST', '/media/a?uploads', [['s3:PutObject', 'arn:aws:s3:::media/a']]],
    ['DELETE', '/media/a?uploadId=u', [['s3:AbortMultipartUpload', 'arn:aws:s3:::media/a']]],
    ['DELETE', '/media/a', [['s3:DeleteObject', 'arn:aws:s3:::media/a']]],
    ['GET', '/media?list-type=2&prefix=users/a/', [['s3:ListBucket', 'arn:aws:s3:::media']]],
    ['GET', '/', [['s3:ListAllMyBuckets', '*']]],
  ])('%s %s', (method, url, expected) => {
    expect(s3(method, url)).toEqual(expected);
  });

  it('asks for the source of a copy and for every object of a deletion', () => {
    expect(s3('PUT', '/media/a', { headers: { 'x-amz-copy-source': '/media/b%20c' } })).toEqual([
      ['s3:GetObject', 'arn:aws:s3:::media/b c'],
      ['s3:PutObject', 'arn:aws:s3:::media/a'],
    ]);
    const body = '<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key></Object></Delete>';
    expect(s3('POST', '/media?delete', { body })).toEqual([
      ['s3:DeleteObject', 'arn:aws:s3:::media/a&b'],
      ['s3:DeleteObject', 'arn:aws:s3:::media/c'],
    ]);
  });

  it.each([
    ['GET', '/media/a?acl'],
    ['PUT', '/media?policy'],
    ['GET', '/media?acl'],
    ['PUT', '/media'],
  ])('refuses what it does not know: %s %s', (method, url) => {
    expect(() => s3(method, url)).toThrow(/does not know/);
  });
});

describe('what SQS asks IAM for', () => {
  const input = { QueueUrl: 'http://127.0.0.1:1/000000000000/wake-0.fifo' };
  const queue = 'arn:aws:sqs:us-east-1:000000000000:wake-0.fifo';

  it.each([
    ['SendMessageBatch', ['sqs:SendMessage', 'kms:GenerateDataKey', 'kms:Decrypt']],
    ['ReceiveMessage', ['sqs:ReceiveMessage', 'kms:Decrypt']],
    ['DeleteMessageBatch', ['sqs:DeleteMessage']],
    ['ChangeMessageVisibility', ['sqs:ChangeMessageVisibility']],
  ])('%s', (operation, expected) => {
    const accesses = sqsAccesses(operation, input, (arn) => (arn === queue ? 'key' : undefined));
    expect(accesses.map(({ action }) => action)).toEqual(expected);
    expect(accesses[0]?.resource).toBe(queue);
    expect(accesses.slice(1).every(({ context }) => context?.['kms:EncryptionContext:aws:sqs:arn'] === queue)).toBe(
      true,
    );
  });

  it('is everything where no queue is named', () => {
    expect(sqsAccesses('ListQueues', {}, noKey)).toEqual([{ action: 'sqs:ListQueues', resource: '*' }]);
  });
});
