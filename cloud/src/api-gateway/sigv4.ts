import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a SigV4 `Authorization` header says. */
export interface SignedScope {
  accessKeyId: string;
  /** `20260131` */
  date: string;
  region: string;
  service: string;
  signedHeaders: readonly string[];
  signature: string;
}

export interface SignedRequest {
  method: string;
  /** As on the wire, still encoded. */
  path: string;
  rawQueryString: string;
  /** By lower-case name; several values of one name are several entries. */
  headers: NodeJS.Dict<string[]>;
  body: Buffer;
}

const algorithm = 'AWS4-HMAC-SHA256';
const header =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{64})\s*$/;
const maxSkewMs = 5 * 60_000;

/** Undefined: not a SigV4 header. */
export function readScope(authorization: string | undefined): SignedScope | undefined {
  const match = header.exec(authorization ?? '');
  if (!match) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', names = '', signature = ''] = match;
  return { accessKeyId, date, region, service, signedHeaders: names.split(';'), signature };
}

/**
 * Whether the request is the one that was signed, at most five minutes ago.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function isSignedBy(
  secretAccessKey: string,
  { request, scope, now }: { request: SignedRequest; scope: SignedScope; now: number },
): boolean {
  const signedAt = request.headers['x-amz-date']?.[0] ?? '';
  if (!scope.signedHeaders.includes('host') || !signedAt.startsWith(scope.date)) return false;
  if (!(Math.abs(now - timeOf(signedAt)) <= maxSkewMs)) return false;
  const credentialScope = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = [algorithm, signedAt, credentialScope, sha256(canonicalRequest(request, scope.signedHeaders))];
  const keyParts = [scope.date, scope.region, scope.service, 'aws4_request'];
  let key = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of keyParts) key = hmac(key, part);
  return timingSafeEqual(hmac(key, toSign.join('\n')), Buffer.from(scope.signature, 'hex'));
}

function canonicalRequest({ method, path, rawQueryString, headers, body }: SignedRequest, names: readonly string[]) {
  const lines = names.map((name) => `${name}:${(headers[name] ?? []).map(trimAll).join(',')}`);
  // Every service but S3 encodes the path once more.
  const canonicalPath = path.split('/').map(encode).join('/');
  return [method, canonicalPath, canonicalQuery(rawQueryString), ...lines, '', names.join(';'), sha256(body)].join(
    '\n',
  );
}

function canonicalQuery(rawQueryString: string): string {
  return [...new URLSearchParams(rawQueryString)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join('&');
}

/** RFC 3986: what `encodeURIComponent` leaves alone beyond that is encoded too. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function trimAll(value: string): string {
  return value.trim().replaceAll(/\s+/g, ' ');
}

/** `20260131T130000Z`; NaN when it is not such a time. */
function timeOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: Buffer, text: string) {
  return createHmac('sha256', key).update(text).digest();
}
