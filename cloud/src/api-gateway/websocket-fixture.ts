import { once } from 'node:events';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { FunctionError } from '../lambda-runtime/index.ts';
import { createWebSocketApi, type WebSocketApi, type WebSocketApiOptions } from './index.ts';

const eventSchema = z.looseObject({
  type: z.string().optional(),
  methodArn: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  queryStringParameters: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.looseObject({
    connectionId: z.string(),
    routeKey: z.string(),
    eventType: z.string(),
    authorizer: z.record(z.string(), z.string()).optional(),
  }),
});
type TestEvent = z.infer<typeof eventSchema>;
export type TestFunction = (event: TestEvent) => unknown;

const opened: WebSocketApi[] = [];

/** Closes every API that a test has started. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((api) => api.close()));
}

/** An API whose functions are those given; what they are called with is kept. */
export async function start(functions: Record<string, TestFunction> = {}, options: Partial<WebSocketApiOptions> = {}) {
  const events: (TestEvent & { functionName: string })[] = [];
  const errors: unknown[] = [];
  const api = await createWebSocketApi({
    stage: 'live',
    connectFunction: 'connect',
    disconnectFunction: 'disconnect',
    defaultFunction: 'default',
    invoke: async (functionName, input) => {
      const event = eventSchema.parse(JSON.parse(JSON.stringify(input)));
      events.push({ functionName, ...event });
      return functions[functionName] ? functions[functionName](event) : { statusCode: 200 };
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  opened.push(api);
  const management = new ApiGatewayManagementApiClient({
    endpoint: api.managementEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const eventsOf = (functionName: string) => events.filter((event) => event.functionName === functionName);
  const connectionIds = () => eventsOf('connect').map((event) => event.requestContext.connectionId);
  return { api, events, errors, management, eventsOf, connectionIds };
}

export async function open(
  api: WebSocketApi,
  protocols: string[] = [],
  path = '',
): Promise<WebSocket & { texts: string[] }> {
  const socket = Object.assign(new WebSocket(`${api.endpoint}${path}`, protocols), { texts: new Array<string>() });
  socket.on('message', (data) => socket.texts.push(Buffer.isBuffer(data) ? data.toString() : 'not a buffer'));
  await once(socket, 'open');
  return socket;
}

/** Status code and body with which the handshake is refused. */
export async function refusal(api: WebSocketApi, protocols: string[] = [], endpoint = api.endpoint) {
  const socket = new WebSocket(endpoint, protocols);
  const [, response] = await once(socket, 'unexpected-response');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { statusCode: response.statusCode, ...JSON.parse(body) };
}

export function policy(effect: string, context?: object, resource = '*'): object {
  const statement = { Action: 'execute-api:Invoke', Effect: effect, Resource: resource };
  return { principalId: 'u1', policyDocument: { Version: '2012-10-17', Statement: [statement] }, context };
}

export function failing(message: string): TestFunction {
  return () => {
    throw new FunctionError('any', { errorType: 'Error', errorMessage: message, trace: [] });
  };
}
