import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  WebSocketApi,
  WebSocketRoute,
  WebSocketStage,
  type IHttpApi,
  type IWebSocketApi,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpJwtAuthorizer,
  WebSocketLambdaAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionName } from '@top-active/lambdas/functions';
import { acknowledge } from '../acknowledge.ts';
import { makeFunctions, pascal, type MadeFunction } from '../constructs/product-functions.ts';
import type { Resources } from '../resources.ts';

export interface ApiStackProps extends StackProps {
  resources: Resources;
  /** Folder with one bundle per function. */
  bundles: string;
}

/** The functions behind HTTP and WebSocket, their routes and stages. */
export class ApiStack extends Stack {
  readonly functions: ReadonlyMap<FunctionName, MadeFunction>;
  private readonly resources: Resources;
  // References instead of the constructs: CDK puts authorizers beside the API that it is given.
  private readonly httpApi: IHttpApi;
  private readonly webSocketApi: IWebSocketApi;

  constructor(scope: Construct, id: string, { resources, bundles, ...props }: ApiStackProps) {
    super(scope, id, props);
    this.resources = resources;
    const { web } = resources;
    this.httpApi = HttpApi.fromHttpApiAttributes(this, 'HttpApi', { httpApiId: web.httpApi.apiId });
    this.webSocketApi = WebSocketApi.fromWebSocketApiAttributes(this, 'WebSocketApi', {
      webSocketId: web.webSocketApi.apiId,
    });
    this.functions = makeFunctions(this, { kinds: ['http', 'websocket', 'websocket-authorizer'], bundles, resources });
    this.makeStages();
    for (const made of this.functions.values()) this.connectHttp(made);
    for (const made of this.functions.values()) this.connectWebSocket(made);
  }

  private makeStages(): void {
    const { environment, web } = this.resources;
    const throttle = { rateLimit: environment.apiRequestsPerSecond, burstLimit: 2 * environment.apiRequestsPerSecond };
    const logGroup = new LogGroup(this, 'HttpAccess', {
      retention: environment.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Http', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle,
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: accessLogFormat },
    });
    const live = new WebSocketStage(this, 'Live', {
      webSocketApi: this.webSocketApi,
      stageName: web.realtimeStage,
      autoDeploy: true,
      throttle,
    });
    acknowledge(live, {
      'AwsSolutions-APIG1':
        'Logs of WebSocket APIs need a role set for the whole account and region; the functions log connections.',
    });
  }

  private connectHttp({ definition: { name, trigger }, made }: MadeFunction): void {
    if (trigger.kind !== 'http') return;
    const integration = new HttpLambdaIntegration(`${pascal(name)}Integration`, made.lambda);
    for (const route of trigger.routes) {
      const made = new HttpRoute(this, `Route ${route.method} ${route.path}`, {
        httpApi: this.httpApi,
        integration,
        routeKey: HttpRouteKey.with(route.path, route.method === 'ANY' ? HttpMethod.ANY : HttpMethod[route.method]),
        ...(route.authorizer === 'jwt' && { authorizer: this.jwtAuthorizer() }),
        ...(route.authorizer === 'iam' && { authorizer: new HttpIamAuthorizer() }),
      });
      if (route.authorizer === 'none') acknowledge(made, { 'AwsSolutions-APIG4': openRoute });
    }
  }

  private authorizer: HttpJwtAuthorizer | undefined;

  private jwtAuthorizer(): HttpJwtAuthorizer {
    const { userPool, client } = this.resources.identity;
    this.authorizer ??= new HttpJwtAuthorizer('AccessToken', userPool.userPoolProviderUrl, {
      jwtAudience: [client.userPoolClientId],
    });
    return this.authorizer;
  }

  private connectWebSocket({ definition: { trigger }, made }: MadeFunction): void {
    if (trigger.kind !== 'websocket') return;
    const authorizer = this.functions.get(trigger.authorizer);
    if (!authorizer) throw new Error(`No function was made for ${trigger.authorizer}`);
    for (const routeKey of trigger.routes) {
      const route = new WebSocketRoute(this, `WebSocket ${routeKey}`, {
        webSocketApi: this.webSocketApi,
        routeKey,
        integration: new WebSocketLambdaIntegration(`${routeKey.slice(1)}Integration`, made.lambda),
        ...(routeKey === '$connect' && {
          authorizer: new WebSocketLambdaAuthorizer('Ticket', authorizer.made.lambda, {
            identitySource: ['route.request.header.Sec-WebSocket-Protocol'],
          }),
        }),
      });
      if (routeKey !== '$connect')
        acknowledge(route, {
          'AwsSolutions-APIG4': 'Only $connect is authorized, and no other route is reached without it.',
        });
    }
  }
}

const openRoute = 'For people without an access token: they sign in, come back from Google, or ask for what is public.';

/** The route instead of the path, in which ids of chats stand; no query, in which codes of Google stand. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTimeEpoch',
    route: '$context.routeKey',
    status: '$context.status',
    bytes: '$context.responseLength',
    milliseconds: '$context.responseLatency',
    functionMilliseconds: '$context.integrationLatency',
    error: '$context.error.responseType',
    functionError: '$context.integration.error',
  }),
);
