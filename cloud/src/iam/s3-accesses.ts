import { AwsError, type Access } from '../wire/index.ts';
import { encryptionAccess } from './encryption-access.ts';

export interface S3Request {
  method: string;
  /** With the query string; path style. */
  url: string;
  headers: NodeJS.Dict<string | string[]>;
  /** Needed only for the deletion of several objects. */
  body?: string | undefined;
}

/** Whether the body names the objects: only when several are deleted at once. */
export function namesObjectsInBody({ method, url }: Pick<S3Request, 'method' | 'url'>): boolean {
  return method === 'POST' && new URL(url, 'http://s3').searchParams.has('delete');
}

/**
 * What IAM must allow for one request to S3. Operations that the product has no use for are refused.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function s3Accesses(request: S3Request, encryptionKeyOf: (arn: string) => string | undefined): Access[] {
  const { pathname, searchParams: query } = new URL(request.url, 'http://s3');
  const [, bucket = '', ...rest] = pathname.split('/').map(decodeURIComponent);
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  const key = rest.join('/');
  const bucketArn = `arn:aws:s3:::${bucket}`;
  if (key === '') return bucketAccesses(request, { bucketArn, query });
  const objectArn = `${bucketArn}/${key}`;
  const keyArn = encryptionKeyOf(bucketArn);
  const withKey = (action: string, keyAction: 'kms:Decrypt' | 'kms:GenerateDataKey'): Access[] => [
    { action, resource: objectArn },
    ...(keyArn === undefined
      ? []
      : [encryptionAccess({ keyArn, action: keyAction, service: 's3', context: { 'aws:s3:arn': bucketArn } })]),
  ];
  const version = query.has('versionId') ? 'Version' : '';
  refuseUnknown(query, objectParameters);
  switch (request.method) {
    case 'GET':
      if (query.has('uploadId')) return [{ action: 's3:ListMultipartUploadParts', resource: objectArn }];
      return withKey(`s3:GetObject${version}`, 'kms:Decrypt');
    case 'HEAD':
      return withKey(`s3:GetObject${version}`, 'kms:Decrypt');
    case 'PUT':
      return [...sourceAccesses(request.headers), ...withKey('s3:PutObject', 'kms:GenerateDataKey')];
    case 'POST':
      return withKey('s3:PutObject', 'kms:GenerateDataKey');
    case 'DELETE':
      if (query.has('uploadId')) return [{ action: 's3:AbortMultipartUpload', resource: objectArn }];
      return [{ action: `s3:DeleteObject${version}`, resource: objectArn }];
    default:
      throw refused(request.method);
  }
}

const objectParameters = new Set(['uploadId', 'partNumber', 'uploads', 'versionId', 'max-parts', 'part-number-marker']);
const listParameters = new Set([
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'fetch-owner',
  'marker',
  'key-marker',
  'upload-id-marker',
  'version-id-marker',
  'max-uploads',
  'uploads',
  'versions',
  'delete',
]);

function bucketAccesses(
  { method, body }: S3Request,
  { bucketArn, query }: { bucketArn: string; query: URLSearchParams },
): Access[] {
  refuseUnknown(query, listParameters);
  if (method === 'POST' && query.has('delete'))
    return [...(body ?? '').matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => ({
      action: 's3:DeleteObject',
      resource: `${bucketArn}/${unescapeXml(key)}`,
    }));
  if (method !== 'GET' && method !== 'HEAD') throw refused(method);
  const action = query.has('uploads')
    ? 'ListBucketMultipartUploads'
    : query.has('versions')
      ? 'ListBucketVersions'
      : 'ListBucket';
  const prefix = query.get('prefix');
  const delimiter = query.get('delimiter');
  return [
    {
      action: `s3:${action}`,
      resource: bucketArn,
      context: {
        ...(prefix !== null && { 's3:prefix': prefix }),
        ...(delimiter !== null && { 's3:delimiter': delimiter }),
      },
    },
  ];
}

function sourceAccesses(headers: S3Request['headers']): Access[] {
  const source = headers['x-amz-copy-source'];
  if (typeof source !== 'string') return [];
  const path = decodeURIComponent(source.replace(/^\//, '').replace(/\?.*$/, ''));
  return [{ action: 's3:GetObject', resource: `arn:aws:s3:::${path}` }];
}

/** Signatures in the address, and the SDK's own marks. */
function refuseUnknown(query: URLSearchParams, known: ReadonlySet<string>): void {
  for (const name of query.keys())
    if (!known.has(name) && !/^(x-amz-|x-id$|response-)/i.test(name)) throw refused(`the subresource ${name}`);
}

function refused(what: string): AwsError {
  return new AwsError({ code: 'AccessDenied', message: `The door in front of S3 does not know ${what}.`, status: 403 });
}

function unescapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => names[name] ?? '');
}
