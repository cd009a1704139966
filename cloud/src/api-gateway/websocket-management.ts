import type { IncomingMessage } from 'node:http';
import { splitTarget } from '../loopback/index.ts';
import { AwsError, localAccountId, localRegion, readCredentials, type Authorize } from '../wire/index.ts';
import { readBody } from './read-body.ts';
import type { Connection } from './websocket-connections.ts';

export interface ManagementOptions {
  apiId: string;
  stage: string;
  connections: ReadonlyMap<string, Connection>;
  authorize?: Authorize | undefined;
}

export interface ManagementAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

const payloadLimitBytes = 128 * 1024;

/**
 * The @connections API: POST sends, GET tells about, DELETE closes a connection.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export async function manageConnection(
  request: IncomingMessage,
  options: ManagementOptions,
): Promise<ManagementAnswer> {
  const body = await readBody(request, payloadLimitBytes);
  try {
    return await manage(request, body, options);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const code = error.code === 'AccessDeniedException' ? 'ForbiddenException' : error.code;
    return refusal(code, error.code === 'AccessDeniedException' ? 403 : error.status, error.message);
  }
}

async function manage(
  request: IncomingMessage,
  body: Buffer | undefined,
  { apiId, stage, connections, authorize }: ManagementOptions,
): Promise<ManagementAnswer> {
  const connectionId = readConnectionId(request, stage);
  const credentials = readCredentials(request.headers);
  if (connectionId === undefined || !credentials)
    return refusal('MissingAuthenticationTokenException', 403, 'Missing Authentication Token');
  const api = `arn:aws:execute-api:${localRegion}:${localAccountId}:${apiId}`;
  await authorize?.({
    service: 'execute-api',
    action: 'execute-api:ManageConnections',
    resource: `${api}/${stage}/${request.method}/@connections/${connectionId}`,
    context: {},
    credentials,
  });
  const connection = connections.get(connectionId);
  if (!connection) return gone();

  switch (request.method) {
    case 'POST':
      if (!body) return refusal('PayloadTooLargeException', 413, 'Message too long');
      return (await connection.send(body)) ? answer(200) : gone();
    case 'DELETE':
      connection.close(1000, 'Connection Closed Normally');
      return answer(204);
    case 'GET':
      return answer(200, {
        connectedAt: new Date(connection.facts.connectedAt).toISOString(),
        identity: { sourceIp: connection.facts.sourceIp, userAgent: connection.facts.userAgent },
        lastActiveAt: new Date(connection.lastActiveAt).toISOString(),
      });
    default:
      return refusal('MethodNotAllowedException', 405, 'Method Not Allowed');
  }
}

function readConnectionId(request: IncomingMessage, stage: string): string | undefined {
  const [, first, encodedId] = /^\/([^/]+)\/(?:@|%40)connections\/([^/]+)$/.exec(splitTarget(request).path) ?? [];
  if (first !== stage || encodedId === undefined) return undefined;
  try {
    return decodeURIComponent(encodedId);
  } catch {
    // A malformed escape sequence names no connection.
    return undefined;
  }
}

function gone(): ManagementAnswer {
  return refusal('GoneException', 410, 'Gone');
}

function answer(statusCode: number, document?: object): ManagementAnswer {
  const body = document ? JSON.stringify(document) : '';
  return { statusCode, headers: document ? { 'content-type': 'application/json' } : {}, body };
}

function refusal(code: string, statusCode: number, message: string): ManagementAnswer {
  const { headers, body } = answer(statusCode, { message });
  return { statusCode, headers: { ...headers, 'x-amzn-errortype': code }, body };
}
