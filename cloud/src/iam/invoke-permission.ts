import { z } from 'zod';
import { localAccountId, localRegion } from '../wire/index.ts';
import type { Authorizer } from './authorizer.ts';
import type { Deployment } from './deployment.ts';

type InvokeFunction = (functionName: string, event: unknown) => Promise<unknown>;

export interface InvokePermissions {
  /** As API Gateway calls functions: each route, connection event and authorizer needs its Lambda permission. */
  fromApiGateway: InvokeFunction;
  /** As EventBridge calls a function by its rule. */
  fromEventBridge: InvokeFunction;
  /** As a user pool calls its triggers. */
  fromCognito: InvokeFunction;
}

const httpEvent = z.looseObject({ version: z.literal('2.0'), routeKey: z.string() });
const authorizerEvent = z.looseObject({ type: z.literal('REQUEST') });
const poolEvent = z.looseObject({ userPoolId: z.string() });
const socketEvent = z.looseObject({ requestContext: z.looseObject({ routeKey: z.string(), stage: z.string() }) });

/** Services may call a function only where its resource policy says so. */
export function createInvokePermissions({
  authorizer,
  deployment,
  invoke,
}: {
  authorizer: Pick<Authorizer, 'checkService'>;
  deployment: Deployment;
  invoke: InvokeFunction;
}): InvokePermissions {
  const { apis, webSocketAuthorizerId } = deployment;

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html */
  function sourceOf(event: unknown): string {
    const http = httpEvent.safeParse(event);
    if (http.success) return api(apis.http, `$default/${http.data.routeKey.replace(' ', '')}`);
    if (authorizerEvent.safeParse(event).success) return api(apis.webSocket, `authorizers/${webSocketAuthorizerId}`);
    const { stage, routeKey } = socketEvent.parse(event).requestContext;
    return api(apis.webSocket, `${stage}/${routeKey}`);
  }

  async function check(functionName: string, principal: string, sourceArn: string): Promise<void> {
    await authorizer.checkService({
      principal,
      action: 'lambda:InvokeFunction',
      resource: `arn:aws:lambda:${localRegion}:${localAccountId}:function:${functionName}`,
      context: { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': localAccountId, 'aws:PrincipalIsAWSService': 'true' },
    });
  }

  return {
    async fromApiGateway(functionName, event) {
      await check(functionName, 'apigateway.amazonaws.com', sourceOf(event));
      return invoke(functionName, event);
    },
    async fromEventBridge(functionName, event) {
      const rule = deployment.ruleOf(functionName);
      if (rule === undefined) throw new Error(`No rule of the templates invokes ${functionName}.`);
      await check(functionName, 'events.amazonaws.com', rule);
      return invoke(functionName, event);
    },
    async fromCognito(functionName, event) {
      const { userPoolId } = poolEvent.parse(event);
      const pool = `arn:aws:cognito-idp:${localRegion}:${localAccountId}:userpool/${userPoolId}`;
      await check(functionName, 'cognito-idp.amazonaws.com', pool);
      return invoke(functionName, event);
    },
  };
}

function api(id: string, path: string): string {
  return `arn:aws:execute-api:${localRegion}:${localAccountId}:${id}/${path}`;
}
