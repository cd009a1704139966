import type { IncomingMessage } from 'node:http';
import { AwsError, readCredentials, type Credentials } from '../wire/index.ts';
import type { Authorizer } from './authorizer.ts';
import { createAuthorizingProxy, type AuthorizingProxy } from './authorizing-proxy.ts';
import { parseBody, refuseAsJson, targetOf, withinShape } from './json-requests.ts';
import { namesObjectsInBody, s3Accesses } from './s3-accesses.ts';
import { sqsAccesses } from './sqs-accesses.ts';

/** The door in front of SQS and S3, which answer at one address. */
export function createSqsS3Door({
  target,
  headers,
  authorizer,
  encryptionKeyOf,
  onError,
}: {
  target: string;
  headers: Readonly<Record<string, string>>;
  authorizer: Authorizer;
  encryptionKeyOf: (arn: string) => string | undefined;
  onError: (error: unknown) => void;
}): Promise<AuthorizingProxy> {
  return createAuthorizingProxy({
    target,
    headers,
    what: 'SQS and S3',
    needsBody: (request) => isSqs(request) || isForm(request) || namesObjectsInBody(locate(request)),
    async authorize(request, body) {
      if (isSqs(request)) {
        const { operation } = targetOf(request);
        const accesses = withinShape(() => sqsAccesses(operation, parseBody(body.toString()), encryptionKeyOf));
        const credentials = readCredentials(request.headers);
        await authorizer.check({ service: 'sqs', credentials, accesses, bytes: body.length });
        return;
      }
      // The old query protocol of SQS and SNS: the SDK of today speaks JSON.
      if (isForm(request)) throw new AwsError({ code: 'AccessDenied', message: 'Not a request of S3.', status: 403 });
      const accesses = s3Accesses(
        { ...locate(request), headers: request.headers, body: body.toString() },
        encryptionKeyOf,
      );
      await authorizer.check({
        service: 's3',
        credentials: readCredentials(request.headers) ?? presigned(request),
        accesses,
        bytes: Number(request.headers['content-length'] ?? 0),
      });
    },
    refuse: (error, request) => (isSqs(request) ? refuseAsJson(error) : refuseAsXml(error)),
    onError,
  });
}

function isSqs({ headers }: IncomingMessage): boolean {
  return headers['x-amz-target'] !== undefined;
}

function isForm({ headers }: IncomingMessage): boolean {
  return (headers['content-type'] ?? '').includes('x-www-form-urlencoded');
}

function locate({ method = 'GET', url = '/' }: IncomingMessage): { method: string; url: string } {
  return { method, url };
}

/** An address that was signed carries who signed it. */
function presigned({ url = '/' }: IncomingMessage): Credentials | undefined {
  const query = new URL(url, 'http://s3').searchParams;
  const accessKeyId = query.get('X-Amz-Credential')?.split('/')[0];
  const sessionToken = query.get('X-Amz-Security-Token');
  if (accessKeyId === undefined) return undefined;
  return { accessKeyId, ...(sessionToken !== null && { sessionToken }) };
}

function refuseAsXml({ code, message }: AwsError): { contentType: string; body: string } {
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return {
    contentType: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${text}</Message></Error>`,
  };
}
