import { logger, withLogFields } from '@top-active/aws';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { lazily } from '../cold-start.ts';
import type { FunctionName } from '../functions.ts';
import type { HttpApp, HttpEvent } from './http-env.ts';
import { requestOf, resultOf } from './lambda-event.ts';
import { problemContentType, problemOf } from './problem.ts';
import { refuse } from './refuse.ts';

export type HttpHandler = (event: HttpEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Lambda handler of an HTTP function. `build` makes the app at the cold start. */
export function createHttpHandler(name: FunctionName, build: () => HttpApp | Promise<HttpApp>): HttpHandler {
  const coldApp = lazily(build);
  return (event, lambdaContext) => {
    const { requestId, http } = event.requestContext;
    return withLogFields({ function: name, requestId, method: http.method, route: event.routeKey }, async () => {
      try {
        const app = await coldApp();
        return await resultOf(await app.fetch(requestOf(event), { event, lambdaContext }));
      } catch (error) {
        logger.error('Function failed to answer', {}, error);
        return failure(requestId);
      }
    });
  };
}

function failure(requestId: string): APIGatewayProxyStructuredResultV2 {
  const problem = problemOf(refuse('internal'), requestId);
  return {
    statusCode: problem.status,
    headers: { 'content-type': problemContentType, 'cache-control': 'no-store', 'x-request-id': requestId },
    body: JSON.stringify(problem),
  };
}
