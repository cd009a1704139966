import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { FunctionError } from '../lambda-runtime/index.ts';
import { splitTarget } from '../loopback/index.ts';
import { localAccountId, localRegion } from '../wire/index.ts';
import { decide } from './authorizer-policy.ts';
import { withinTimeout, type InvokeFunction } from './invoke.ts';
import { connectEvent, type ConnectionFacts } from './websocket-events.ts';

export interface HandshakeFunctions {
  /** REQUEST authorizer of $connect: answers an IAM policy and context. */
  authorizerFunction?: string | undefined;
  /**
   * Without one of these the authorizer isn't even asked, and the answer is 401:
   * `route.request.header.Sec-WebSocket-Protocol`, `route.request.querystring.ticket`.
   */
  identitySources?: readonly string[] | undefined;
  connectFunction?: string | undefined;
  invoke: InvokeFunction;
}

export interface HandshakeOptions extends HandshakeFunctions {
  integrationTimeoutMs: number;
  onError: (error: unknown) => void;
}

export type HandshakeOutcome =
  | { accepted: true; authorizer?: Record<string, string> | undefined; protocol?: string | undefined }
  | { accepted: false; statusCode: number; message: string };

const connectResultSchema = z.object({
  statusCode: z.coerce.number().int(),
  headers: z.record(z.string(), z.unknown()).nullish(),
});

/** Asks the authorizer, then the function of $connect, whether a client may connect. */
export async function shakeHands(
  connection: ConnectionFacts,
  request: IncomingMessage,
  options: HandshakeOptions,
): Promise<HandshakeOutcome> {
  const authorized = await authorize(connection, request, options);
  if (!authorized.accepted || options.connectFunction === undefined) return authorized;
  const event = connectEvent({ ...connection, authorizer: authorized.authorizer }, request);
  try {
    const invocation = options.invoke(options.connectFunction, event);
    const result = connectResultSchema.parse(await withinTimeout(invocation, options.integrationTimeoutMs));
    if (result.statusCode < 200 || result.statusCode > 299) return refuse(result.statusCode, 'Forbidden');
    return { ...authorized, protocol: protocolOf(result.headers ?? {}) };
  } catch (error) {
    if (!(error instanceof FunctionError)) options.onError(error);
    return refuse(502, 'Internal server error');
  }
}

async function authorize(
  connection: ConnectionFacts,
  request: IncomingMessage,
  { authorizerFunction, identitySources = [], invoke, integrationTimeoutMs, onError }: HandshakeOptions,
): Promise<HandshakeOutcome> {
  if (authorizerFunction === undefined) return { accepted: true };
  if (!identitySources.every((source) => hasIdentity(request, source))) return refuse(401, 'Unauthorized');
  const { apiId, stage } = connection;
  const methodArn = `arn:aws:execute-api:${localRegion}:${localAccountId}:${apiId}/${stage}/$connect`;
  const event = { type: 'REQUEST', methodArn, ...connectEvent(connection, request) };
  try {
    const result = await withinTimeout(invoke(authorizerFunction, event), integrationTimeoutMs);
    const decision = decide(result, methodArn);
    if (!decision) throw new Error(`${authorizerFunction} answered in a form API Gateway does not accept.`);
    return decision.allowed ? { accepted: true, authorizer: decision.context } : refuse(403, 'Forbidden');
  } catch (error) {
    if (error instanceof FunctionError && error.errorMessage === 'Unauthorized') return refuse(401, 'Unauthorized');
    if (!(error instanceof FunctionError)) onError(error);
    return refuse(500, 'Internal server error');
  }
}

function hasIdentity(request: IncomingMessage, source: string): boolean {
  const [, place, name = ''] = /^route\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  if (place === 'header') return Boolean(request.headers[name.toLowerCase()]);
  return Boolean(new URLSearchParams(splitTarget(request).query).get(name));
}

function protocolOf(headers: Record<string, unknown>): string | undefined {
  const [, value] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol') ?? [];
  return typeof value === 'string' ? value : undefined;
}

function refuse(statusCode: number, message: string): HandshakeOutcome {
  return { accepted: false, statusCode, message };
}
