import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { splitTarget } from '../loopback/index.ts';
import { requestTime } from './request-time.ts';

/** What API Gateway knows of a connection and repeats in each event. */
export interface ConnectionFacts {
  connectionId: string;
  apiId: string;
  stage: string;
  domainName: string;
  /** Unix time in milliseconds. */
  connectedAt: number;
  sourceIp: string;
  userAgent: string;
  /** principalId and context that the authorizer gave; all values are strings. */
  authorizer?: Record<string, string> | undefined;
}

interface RequestFacts {
  routeKey: string;
  eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
  extra?: Record<string, string | number> | undefined;
}

const handshakeHeaders = new Set(['connection', 'upgrade']);

export function newConnection(
  request: IncomingMessage,
  { apiId, stage }: { apiId: string; stage: string },
): ConnectionFacts {
  return {
    connectionId: `${randomBytes(11).toString('base64url')}=`,
    apiId,
    stage,
    domainName: request.headers.host ?? '',
    connectedAt: Date.now(),
    sourceIp: request.socket.remoteAddress ?? '',
    userAgent: request.headers['user-agent'] ?? '',
  };
}

/** Event of $connect, also given to the authorizer. */
export function connectEvent(connection: ConnectionFacts, request: IncomingMessage) {
  return {
    ...headersOf(connection, request),
    ...queryOf(request),
    requestContext: requestContext(connection, { routeKey: '$connect', eventType: 'CONNECT' }),
    isBase64Encoded: false,
  };
}

export function messageEvent(connection: ConnectionFacts, routeKey: string, message: Buffer, isBinary: boolean) {
  const extra = { messageId: shortId() };
  return {
    requestContext: requestContext(connection, { routeKey, eventType: 'MESSAGE', extra }),
    body: message.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary,
  };
}

export function disconnectEvent(connection: ConnectionFacts, code: number, reason: string) {
  const headers = { Host: connection.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
  const extra = { disconnectStatusCode: code, disconnectReason: reason };
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: requestContext(connection, { routeKey: '$disconnect', eventType: 'DISCONNECT', extra }),
    isBase64Encoded: false,
  };
}

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
function requestContext(connection: ConnectionFacts, { routeKey, eventType, extra }: RequestFacts) {
  const { sourceIp, userAgent, authorizer, ...facts } = connection;
  const at = new Date();
  return {
    ...facts,
    ...extra,
    routeKey,
    eventType,
    messageDirection: 'IN',
    ...(authorizer && { authorizer }),
    requestId: shortId(),
    extendedRequestId: shortId(),
    requestTime: requestTime(at),
    requestTimeEpoch: at.getTime(),
    identity: { sourceIp, userAgent },
  };
}

function shortId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16);
}

/** Names as the client wrote them: a function that relies on their case fails here as it would in AWS. */
function headersOf(connection: ConnectionFacts, request: IncomingMessage) {
  const multiValueHeaders: Record<string, string[]> = {};
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (!handshakeHeaders.has(name.toLowerCase()))
      (multiValueHeaders[name] ??= []).push(request.rawHeaders[index + 1] ?? '');
  }
  const forwarded = [request.headers['x-forwarded-for'], connection.sourceIp].flat().filter(Boolean).join(', ');
  for (const name of Object.keys(multiValueHeaders))
    if (name.toLowerCase() === 'x-forwarded-for') delete multiValueHeaders[name];
  multiValueHeaders['X-Forwarded-For'] = [forwarded];
  return { headers: lastOfEach(multiValueHeaders), multiValueHeaders };
}

function queryOf(request: IncomingMessage) {
  const searchParams = new URLSearchParams(splitTarget(request).query);
  if (searchParams.size === 0) return {};
  const names = [...new Set(searchParams.keys())];
  const multiValueQueryStringParameters = Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)]));
  return { queryStringParameters: lastOfEach(multiValueQueryStringParameters), multiValueQueryStringParameters };
}

function lastOfEach(multiple: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(multiple).map(([name, values]) => [name, values.at(-1) ?? '']));
}
