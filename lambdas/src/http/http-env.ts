import type { OpenAPIHono } from '@hono/zod-openapi';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  Context as LambdaContext,
} from 'aws-lambda';
import type { Context } from 'hono';
import type { Identity } from './identity.ts';

export type HttpEvent = APIGatewayProxyEventV2 | APIGatewayProxyEventV2WithJWTAuthorizer;

export interface HttpEnv {
  Bindings: { event: HttpEvent; lambdaContext: LambdaContext };
  Variables: { identity: Identity };
}

export type HttpApp = OpenAPIHono<HttpEnv>;
export type HttpContext = Context<HttpEnv>;

/** Id of the request, as it stands in logs and in the `instance` of a problem. */
export function requestIdOf(c: HttpContext): string {
  return c.env.event.requestContext.requestId;
}
