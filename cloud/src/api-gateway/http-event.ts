import type { IncomingMessage } from 'node:http';
import { randomBytes, randomUUID } from 'node:crypto';
import { localAccountId } from '../wire/index.ts';
import type { IamAuthorization } from './iam-authorizer.ts';
import type { JwtAuthorization } from './jwt-authorizer.ts';
import type { RouteMatch } from './http-routes.ts';
import { requestTime } from './request-time.ts';

/** Event of payload format 2.0, as it is on the wire. */
export interface HttpApiEvent {
  version: '2.0';
  routeKey: string;
  rawPath: string;
  rawQueryString: string;
  cookies?: string[] | undefined;
  headers: Record<string, string>;
  queryStringParameters?: Record<string, string> | undefined;
  pathParameters?: Record<string, string> | undefined;
  requestContext: object;
  body?: string | undefined;
  isBase64Encoded: boolean;
}

export interface HttpEventInput {
  request: IncomingMessage;
  match: RouteMatch;
  /** Decoded. */
  path: string;
  rawQueryString: string;
  body: Buffer;
  /** Absent on open routes. */
  authorizer: { jwt: JwtAuthorization } | { iam: IamAuthorization } | undefined;
  at: Date;
}

const connectionHeaders = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const textTypes = /^\s*(text\/|application\/(json|javascript|xml)\b)/i;

/**
 * What an HTTP API hands to a function. Like API Gateway it decodes the path: an encoded `?` or `/` is gone.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function makeHttpEvent({
  request,
  match,
  path,
  rawQueryString,
  body,
  authorizer,
  at,
}: HttpEventInput): HttpApiEvent {
  const sourceIp = request.socket.remoteAddress ?? '';
  const headers = makeHeaders(request, body, sourceIp);
  const binary = body.length > 0 && !isText(request);
  const domainName = request.headers.host ?? '';
  return {
    version: '2.0',
    routeKey: match.route.key,
    rawPath: path,
    rawQueryString,
    cookies: splitCookies(request),
    headers,
    queryStringParameters: joinQuery(rawQueryString),
    pathParameters: orNothing(match.pathParameters),
    requestContext: {
      accountId: localAccountId,
      apiId: 'local',
      ...(authorizer && { authorizer }),
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: match.route.key,
      stage: '$default',
      time: requestTime(at),
      timeEpoch: at.getTime(),
    },
    body: body.length > 0 ? body.toString(binary ? 'base64' : 'utf8') : undefined,
    isBase64Encoded: binary,
  };
}

function isText(request: IncomingMessage): boolean {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = request.headers;
  return encoding === 'identity' && (type === undefined || textTypes.test(type));
}

function makeHeaders(request: IncomingMessage, body: Buffer, sourceIp: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (values === undefined || name === 'cookie' || connectionHeaders.has(name)) continue;
    headers[name] = asUtf8(values.join(','));
  }
  if (body.length > 0) headers['content-length'] = String(body.length);
  headers['x-amzn-trace-id'] ??=
    `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', ');
  headers['x-forwarded-port'] ??= String(request.socket.localPort ?? '');
  headers['x-forwarded-proto'] ??= 'http';
  return headers;
}

/** Node reads header bytes as Latin-1; API Gateway hands them over as UTF-8. */
function asUtf8(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}

function splitCookies(request: IncomingMessage): string[] | undefined {
  const cookies = (request.headersDistinct.cookie ?? [])
    .flatMap((header) => header.split(';'))
    .map((cookie) => asUtf8(cookie.trim()))
    .filter((cookie) => cookie !== '');
  return cookies.length > 0 ? cookies : undefined;
}

function joinQuery(rawQueryString: string): Record<string, string> | undefined {
  const query = new URLSearchParams(rawQueryString);
  return orNothing(Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(',')])));
}

function orNothing(record: Record<string, string>): Record<string, string> | undefined {
  return Object.keys(record).length > 0 ? record : undefined;
}
