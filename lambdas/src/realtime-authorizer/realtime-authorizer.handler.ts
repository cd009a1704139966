import { createClients, logger, readAwsEnv, withInvocation } from '@top-active/aws';
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { lazily } from '../cold-start.ts';
import { openTenants, tenantEnvSchema } from '../tenants.ts';
import { authorizeConnect } from './authorize-connect.ts';
import { createHandshakeEntrance } from './handshake-entrance.ts';
import { ticketOf } from './ticket-header.ts';

const coldTenants = lazily(() => openTenants(createClients(), readAwsEnv(process.env, tenantEnvSchema)));

const coldEntrance = lazily(() => createHandshakeEntrance('realtime-authorizer', process.env));

/** REQUEST authorizer of $connect. Never cached, since a ticket is good for one connect. */
export function handler(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const { requestId, connectionId = '' } = event.requestContext;
  const fields = { function: 'realtime-authorizer', requestId };
  return withInvocation(fields, async (): Promise<APIGatewayAuthorizerResult> => {
    const headers = event.headers ?? {};
    const mayEnter = await coldEntrance();
    const identity = mayEnter(headers)
      ? await authorizeConnect({ ticket: ticketOf(headers), connectionId }, await coldTenants())
      : undefined;
    if (!identity) logger.info('WebSocket refused');
    return {
      principalId: identity?.userId ?? 'nobody',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: identity ? 'Allow' : 'Deny', Resource: event.methodArn }],
      },
      ...(identity && { context: { ...identity } }),
    };
  });
}
