import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { FunctionError } from '../lambda-runtime/index.ts';
import { closeServer, listenOnLoopback, splitTarget } from '../loopback/index.ts';
import { warnOfError } from '../wire/emulator.ts';
import { makeHttpEvent } from './http-event.ts';
import { messageAnswer, readResult, type HttpAnswer } from './http-response.ts';
import { createRouteMatcher, type HttpRoute } from './http-routes.ts';
import { createIamAuthorizer, type AuthorizeIam, type IamSettings } from './iam-authorizer.ts';
import { IntegrationTimeout, withinTimeout, type InvokeFunction } from './invoke.ts';
import { createJwtAuthorizer, type AuthorizeJwt, type JwtSettings } from './jwt-authorizer.ts';
import { readBody } from './read-body.ts';

export interface HttpApiOptions {
  /** 0 or absent: a free one. */
  port?: number | undefined;
  routes: readonly HttpRoute[];
  /** Needed as soon as one route asks for a token. */
  jwt?: JwtSettings | undefined;
  /** Needed as soon as one route asks for a signature. */
  iam?: IamSettings | undefined;
  invoke: InvokeFunction;
  /** 30 s, as in AWS. */
  integrationTimeoutMs?: number | undefined;
  /** Told of failures of the gateway itself; a process warning by default. */
  onError?: ((error: unknown) => void) | undefined;
}

export interface HttpApi {
  /** `http://127.0.0.1:<port>` */
  endpoint: string;
  close(): Promise<void>;
}

const bodyLimitBytes = 10 * 1024 * 1024;
const defaultTimeoutMs = 30_000;

/**
 * An HTTP API of API Gateway with Lambda integrations of payload format 2.0.
 * @throws PortTakenError
 */
export async function createHttpApi(options: HttpApiOptions): Promise<HttpApi> {
  const { routes, jwt, iam, onError = warnOfError } = options;
  const matchRoute = createRouteMatcher(routes);
  const protectedRoute = routes.find((route) => route.authorizer === 'jwt');
  if (protectedRoute && !jwt)
    throw new Error(`Route ${protectedRoute.key} needs a token, but there are no JWT settings.`);
  const signedRoute = routes.find((route) => route.authorizer === 'iam');
  if (signedRoute && !iam)
    throw new Error(`Route ${signedRoute.key} needs a signature, but there are no IAM settings.`);
  const authorizers = { jwt: jwt && createJwtAuthorizer(jwt, onError), iam: iam && createIamAuthorizer(iam) };

  const server = createServer((request, response) => {
    answer({ request, matchRoute, authorizers, options, onError })
      .catch((error: unknown) => {
        // A client that went away in the middle of its request is no failure of ours.
        if (request.errored === null) onError(error);
        return messageAnswer(500, 'Internal Server Error');
      })
      .then((result) => send(request, response, result))
      .catch(onError);
  });
  const port = await listenOnLoopback(server, { port: options.port, what: 'the HTTP API' });
  return { endpoint: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

interface AnswerInput {
  request: IncomingMessage;
  matchRoute: ReturnType<typeof createRouteMatcher>;
  authorizers: { jwt: AuthorizeJwt | undefined; iam: AuthorizeIam | undefined };
  options: HttpApiOptions;
  onError: (error: unknown) => void;
}

async function answer({ request, matchRoute, authorizers, options, onError }: AnswerInput): Promise<HttpAnswer> {
  const { path: encodedPath, query: rawQueryString } = splitTarget(request);
  const path = decodePath(encodedPath);
  if (path === undefined) return messageAnswer(400, 'Bad Request');
  const match = matchRoute(request.method ?? 'GET', path);
  if (!match) return messageAnswer(404, 'Not Found');

  const wanted = match.route.authorizer;
  const outcome = wanted === 'jwt' ? await authorizers.jwt?.(request.headers.authorization) : undefined;
  if (outcome?.allowed === false) return messageAnswer(401, 'Unauthorized', { 'www-authenticate': outcome.challenge });

  const body = await readBody(request, bodyLimitBytes);
  if (!body) return messageAnswer(413, 'Request Entity Too Large');

  // A signature covers the body.
  const method = request.method ?? 'GET';
  const signed = { method, path: encodedPath, rawQueryString, headers: request.headersDistinct, body };
  const iam = wanted === 'iam' ? await authorizers.iam?.(signed, { method, path }) : undefined;
  if (wanted === 'iam' && !iam) return messageAnswer(403, 'Forbidden');

  const authorizer = iam ? { iam } : outcome && { jwt: outcome.jwt };
  const event = makeHttpEvent({ request, match, path, rawQueryString, body, authorizer, at: new Date() });
  const timeoutMs = options.integrationTimeoutMs ?? defaultTimeoutMs;
  try {
    const result = readResult(await withinTimeout(options.invoke(match.route.functionName, event), timeoutMs));
    if (result) return result;
    onError(
      new Error(`${match.route.functionName} answered ${match.route.key} in a form API Gateway does not accept.`),
    );
  } catch (error) {
    if (error instanceof IntegrationTimeout) return messageAnswer(503, 'Service Unavailable');
    // Why a function failed, the Lambda runtime has logged.
    if (!(error instanceof FunctionError)) onError(error);
  }
  return messageAnswer(500, 'Internal Server Error');
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // The caller answers 400.
    return undefined;
  }
}

function send(request: IncomingMessage, response: ServerResponse, { statusCode, headers, body }: HttpAnswer): void {
  const bodiless = statusCode === 204 || statusCode === 304 || statusCode < 200;
  response.writeHead(statusCode, {
    ...headers,
    ...(!bodiless && { 'content-length': body.length }),
    'apigw-requestid': randomUUID(),
  });
  response.end(bodiless || request.method === 'HEAD' ? undefined : body);
}
