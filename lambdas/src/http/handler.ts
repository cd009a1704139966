import { logger, metrics, withInvocation } from '@top-active/aws';
import { AppError } from '@top-active/core/errors';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { lazily } from '../cold-start.ts';
import type { FunctionName } from '../functions.ts';
import { createEntrance } from './entrance.ts';
import type { HttpApp, HttpEvent } from './http-env.ts';
import { requestOf, resultOf } from './lambda-event.ts';
import { problemContentType, problemOf } from './problem.ts';

/** A fetch request can't even have these methods. */
const neverServed: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

export type HttpHandler = (event: HttpEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Lambda handler of an HTTP function. `build` makes the app at the cold start. */
export function createHttpHandler(name: FunctionName, build: () => HttpApp | Promise<HttpApp>): HttpHandler {
  const coldApp = lazily(build);
  const coldEntrance = lazily(() => createEntrance(name, process.env));
  return (event, lambdaContext) => {
    const { requestId, http } = event.requestContext;
    const fields = { function: name, requestId, method: http.method, route: event.routeKey };
    return withInvocation(fields, async () => {
      const result = await answer(event, lambdaContext);
      countRefusal(event.routeKey, result.statusCode);
      // What changes something is where a trace begins; reading leads to nothing else.
      if (http.method !== 'GET') logger.info('Request answered', { status: result.statusCode });
      return result;
    });
  };

  async function answer(event: HttpEvent, lambdaContext: Context): Promise<APIGatewayProxyStructuredResultV2> {
    try {
      const isThroughCloudFront = await coldEntrance();
      if (!isThroughCloudFront(event.headers)) return problemResult(new AppError('wrong_address'), event);
      if (neverServed.has(event.requestContext.http.method))
        return problemResult(new AppError('method_not_allowed'), event);
      const app = await coldApp();
      return await resultOf(await app.fetch(requestOf(event), { event, lambdaContext }));
    } catch (error) {
      logger.error('Function failed to answer', {}, error);
      return problemResult(new AppError('internal'), event);
    }
  }
}

function countRefusal(route: string, status = 200): void {
  if (status >= 500) metrics.emit('ServerErrors', 1, { route });
  else if (status >= 400) metrics.emit('ClientErrors', 1, { route });
}

function problemResult(
  refusal: AppError,
  { requestContext: { requestId } }: HttpEvent,
): APIGatewayProxyStructuredResultV2 {
  const problem = problemOf(refusal, requestId);
  return {
    statusCode: problem.status,
    headers: { 'content-type': problemContentType, 'cache-control': 'no-store', 'x-request-id': requestId },
    body: JSON.stringify(problem),
  };
}
