import type { OpenAPIHono } from '@hono/zod-openapi';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  Context as LambdaContext,
} from 'aws-lambda';
import type { Context } from 'hono';
import type { HostCaller } from './host-caller.ts';
import type { Identity } from './identity.ts';

export type HttpEvent =
  | APIGatewayProxyEventV2
  | APIGatewayProxyEventV2WithJWTAuthorizer
  | APIGatewayProxyEventV2WithIAMAuthorizer;

export interface HttpEnv {
  Bindings: { event: HttpEvent; lambdaContext: LambdaContext };
  Variables: { identity: Identity; host: HostCaller };
}

export type HttpApp = OpenAPIHono<HttpEnv>;
export type HttpContext = Context<HttpEnv>;

/** Id of the request, as it stands in logs and in the `instance` of a problem. */
export function requestIdOf(c: HttpContext): string {
  return c.env.event.requestContext.requestId;
}
