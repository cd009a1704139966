import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AccessClaims } from '@top-active/core/domain';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  Context as LambdaContext,
} from 'aws-lambda';
import type { Context } from 'hono';

export type HttpEvent =
  | APIGatewayProxyEventV2
  | APIGatewayProxyEventV2WithJWTAuthorizer
  | APIGatewayProxyEventV2WithIAMAuthorizer;

/** Who asks, of the routes for users. */
export type Identity = AccessClaims;

/** Who asks, of the routes for session hosts. */
export interface HostCaller {
  /** `<role id>:<session name>`, as AWS verified it. The session of an ECS task's role is named by the task. */
  hostId: string;
}

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
