import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  WebSocketApi,
  WebSocketRoute,
  type IHttpApi,
  type IWebSocketApi,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer, WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import {
  functions,
  type EnvironmentName,
  type FunctionDefinition,
  type FunctionName,
} from '@top-active/lambdas/functions';
import type { Environment } from '../config.ts';
import { ProductFunction } from '../constructs/product-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { allowAssuming, allowTableKey, makeTenantRoles, type TenantRoles } from '../permissions.ts';
import type { DataStack } from './data-stack.ts';
import type { EdgeStack } from './edge-stack.ts';
import type { IdentityStack } from './identity-stack.ts';

export interface AppStackProps extends StackProps {
  environment: Environment;
  bundles: string;
  data: DataStack;
  identity: IdentityStack;
  edge: EdgeStack;
}

/** Those who call a provider with a user's own secret, and so must open it. */
const opensSecrets: ReadonlySet<FunctionName> = new Set(['google', 'assistant']);

/** What a session host reads, and nothing else: beside it runs a browser with pages of others. */
const hostVariables = [
  'STAGE',
  'ITEMS_TABLE',
  'KEYS_TABLE',
  'PLACEMENTS_TABLE',
  'KMS_KEY_ID',
  'TENANT_ROLE_ARN',
  'SHARDS',
  'WAKE_QUEUE_URL_TEMPLATE',
  'REALTIME_ENDPOINT',
] as const;

/** The Lambda functions, the queues between them, and the routes that lead to them. */
export class AppStack extends Stack {
  readonly tenantRoles: TenantRoles;
  /** Environment of the session host, as far as this stack knows it. */
  readonly hostEnvironment: Record<string, string>;
  private readonly props: AppStackProps;
  // References instead of the constructs: CDK puts authorizers beside the API that it is given.
  private readonly httpApi: IHttpApi;
  private readonly webSocketApi: IWebSocketApi;
  private readonly assistantQueue: WorkQueue;
  private readonly wakeQueues: WorkQueue[];
  private readonly googleSecret: Secret;
  private readonly functions = new Map<FunctionName, ProductFunction>();

  constructor(scope: Construct, id: string, props: AppStackProps) {
    super(scope, id, props);
    this.props = props;
    this.httpApi = HttpApi.fromHttpApiAttributes(this, 'HttpApi', { httpApiId: props.edge.httpApi.apiId });
    this.webSocketApi = WebSocketApi.fromWebSocketApiAttributes(this, 'WebSocketApi', {
      webSocketId: props.edge.webSocketApi.apiId,
    });
    this.tenantRoles = makeTenantRoles(this, props.data);
    this.googleSecret = new Secret(this, 'GoogleClientSecret', {
      description: 'OAuth client secret from the Google Cloud console; put in by hand after the first deployment',
    });
    this.assistantQueue = new WorkQueue(this, 'AssistantQueue', {
      maxReceiveCount: 3,
      visibilityTimeout: Duration.minutes(6),
      encryptionKey: props.data.storageKey,
      impact: 'a customer message got no suggestion, or an accepted appointment was not booked.',
    });
    this.wakeQueues = Array.from({ length: props.environment.shards }, (_, shard) => this.makeWakeQueue(shard));
    for (const definition of functions) this.makeFunction(definition);
    for (const definition of functions) this.connect(definition);
    const variables = this.variables({ opensSecrets: true });
    this.hostEnvironment = Object.fromEntries(hostVariables.map((name) => [name, variables[name]]));
  }

  /** Everything a session host may do, granted to its task role. */
  grantHost(role: Role): void {
    allowAssuming(role, this.tenantRoles.tenantWithSecrets);
    for (const { queue } of this.wakeQueues) queue.grantConsumeMessages(role);
    this.props.data.tables.placements.grantReadData(role);
    this.grantRealtime(role);
  }

  private makeWakeQueue(shard: number): WorkQueue {
    return new WorkQueue(this, `Wake${shard}`, {
      queueName: wakeQueueName(this.props.environment, shard),
      maxReceiveCount: 20,
      visibilityTimeout: Duration.minutes(2),
      encryptionKey: this.props.data.storageKey,
      impact: 'a session host was not woken for a command; the minute sweep wakes it again.',
    });
  }

  private makeFunction(definition: FunctionDefinition): void {
    const made = new ProductFunction(this, pascal(definition.name), {
      definition,
      environment: this.props.environment,
      bundles: this.props.bundles,
      variables: this.variables({ opensSecrets: opensSecrets.has(definition.name) }),
    });
    this.functions.set(definition.name, made);
    this.grant(definition, made.role);
  }

  private variables({ opensSecrets }: { opensSecrets: boolean }) {
    const { environment, data, identity, edge } = this.props;
    const role = opensSecrets ? this.tenantRoles.tenantWithSecrets : this.tenantRoles.tenant;
    return {
      STAGE: environment.stage,
      APP_ORIGIN: edge.appOrigin,
      ORIGIN_SECRET: edge.originSecret.secretValue.unsafeUnwrap(),
      ITEMS_TABLE: data.tables.items.tableName,
      KEYS_TABLE: data.tables.keys.tableName,
      PLACEMENTS_TABLE: data.tables.placements.tableName,
      LIMITS_TABLE: data.tables.limits.tableName,
      KMS_KEY_ID: data.secretsKey.keyArn,
      TENANT_ROLE_ARN: role.roleArn,
      USER_POOL_ID: identity.userPool.userPoolId,
      USER_POOL_CLIENT_ID: identity.client.userPoolClientId,
      SHARDS: String(environment.shards),
      WAKE_QUEUE_URL_TEMPLATE: this.wakeQueueUrlTemplate(),
      ASSISTANT_QUEUE_URL: this.assistantQueue.queue.queueUrl,
      REALTIME_ENDPOINT: edge.webSocketStage.callbackUrl,
      GOOGLE_CLIENT_ID: environment.googleClientId,
      GOOGLE_CLIENT_SECRET_ARN: this.googleSecret.secretArn,
      OPENAI_MODEL: environment.openAiModel,
    } satisfies Partial<Record<EnvironmentName, string>>;
  }

  /** Queue names are ours, so that sixteen URLs fit into one variable. */
  private wakeQueueUrlTemplate(): string {
    return `https://sqs.${this.region}.${this.urlSuffix}/${this.account}/${wakeQueueName(this.props.environment, '{shard}')}`;
  }

  /** One role each, with what the function uses and nothing else. */
  private grant(definition: FunctionDefinition, role: Role): void {
    const { data, identity } = this.props;
    const uses = (name: EnvironmentName) => definition.environment.includes(name);
    if (uses('TENANT_ROLE_ARN'))
      allowAssuming(
        role,
        opensSecrets.has(definition.name) ? this.tenantRoles.tenantWithSecrets : this.tenantRoles.tenant,
      );
    if (uses('LIMITS_TABLE') || uses('PLACEMENTS_TABLE')) allowTableKey(role, data);
    if (uses('LIMITS_TABLE')) data.tables.limits.grant(role, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    // Registrations under way are kept there too.
    if (definition.name === 'auth') data.tables.limits.grant(role, 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    if (uses('PLACEMENTS_TABLE'))
      data.tables.placements.grant(
        role,
        ...(definition.name === 'maintenance' ? ['dynamodb:Query'] : ['dynamodb:PutItem', 'dynamodb:DeleteItem']),
      );
    if (uses('WAKE_QUEUE_URL_TEMPLATE')) for (const { queue } of this.wakeQueues) queue.grantSendMessages(role);
    if (uses('ASSISTANT_QUEUE_URL')) this.assistantQueue.queue.grantSendMessages(role);
    if (uses('GOOGLE_CLIENT_SECRET_ARN')) this.googleSecret.grantRead(role);
    if (uses('REALTIME_ENDPOINT')) this.grantRealtime(role);
    if (definition.name === 'auth')
      identity.userPool.grant(role, 'cognito-idp:AdminGetUser', 'cognito-idp:AdminDeleteUser');
  }

  private grantRealtime(role: Role): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['execute-api:ManageConnections'],
        resources: [
          this.props.edge.webSocketApi.arnForExecuteApiV2('POST/@connections/*', 'live'),
          this.props.edge.webSocketApi.arnForExecuteApiV2('DELETE/@connections/*', 'live'),
        ],
      }),
    );
  }

  private connect(definition: FunctionDefinition): void {
    const made = this.functions.get(definition.name);
    if (!made) throw new Error(`No function was made for ${definition.name}`);
    const { trigger } = definition;
    switch (trigger.kind) {
      case 'http':
        return this.connectHttp(definition, made);
      case 'websocket':
        return this.connectWebSocket(made, this.functionOf(trigger.authorizer));
      case 'stream':
        return this.connectStream(definition, made);
      case 'queue':
        made.lambda.addEventSource(
          new SqsEventSource(this.assistantQueue.queue, {
            batchSize: trigger.batchSize,
            maxConcurrency: trigger.maximumConcurrency,
            reportBatchItemFailures: true,
          }),
        );
        return;
      case 'schedule':
        new Rule(this, `${pascal(definition.name)}Schedule`, {
          schedule: Schedule.rate(Duration.minutes(trigger.everyMinutes)),
          targets: [new LambdaTarget(made.lambda, { retryAttempts: 0 })],
        });
        return;
      case 'websocket-authorizer':
        return;
    }
  }

  private connectHttp({ name, trigger }: FunctionDefinition, made: ProductFunction): void {
    if (trigger.kind !== 'http') return;
    const integration = new HttpLambdaIntegration(`${pascal(name)}Integration`, made.lambda);
    for (const route of trigger.routes)
      new HttpRoute(this, `Route ${route.method} ${route.path}`, {
        httpApi: this.httpApi,
        integration,
        routeKey: HttpRouteKey.with(route.path, route.method === 'ANY' ? HttpMethod.ANY : HttpMethod[route.method]),
        ...(route.authorizer === 'jwt' && { authorizer: this.jwtAuthorizer() }),
      });
  }

  private authorizer: HttpJwtAuthorizer | undefined;

  private jwtAuthorizer(): HttpJwtAuthorizer {
    const { userPool, client } = this.props.identity;
    this.authorizer ??= new HttpJwtAuthorizer('AccessToken', userPool.userPoolProviderUrl, {
      jwtAudience: [client.userPoolClientId],
    });
    return this.authorizer;
  }

  private connectWebSocket(made: ProductFunction, authorizer: ProductFunction): void {
    for (const routeKey of ['$connect', '$disconnect', '$default'])
      new WebSocketRoute(this, `WebSocket ${routeKey}`, {
        webSocketApi: this.webSocketApi,
        routeKey,
        integration: new WebSocketLambdaIntegration(`${routeKey.slice(1)}Integration`, made.lambda),
        ...(routeKey === '$connect' && {
          authorizer: new WebSocketLambdaAuthorizer('Ticket', authorizer.lambda, {
            identitySource: ['route.request.header.Sec-WebSocket-Protocol'],
          }),
        }),
      });
  }

  private connectStream({ name, trigger }: FunctionDefinition, made: ProductFunction): void {
    if (trigger.kind !== 'stream') return;
    const deadLetters = new Queue(this, `${pascal(name)}DeadLetters`, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: this.props.data.storageKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    made.lambda.addEventSource(
      new DynamoEventSource(this.props.data.tables.items, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: trigger.batchSize,
        retryAttempts: trigger.maximumRetryAttempts,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        parallelizationFactor: 10,
        onFailure: new SqsDlq(deadLetters),
        filters: trigger.filters.map((filter) => FilterCriteria.filter(filter)),
      }),
    );
  }

  private functionOf(name: FunctionName): ProductFunction {
    const made = this.functions.get(name);
    if (!made) throw new Error(`No function was made for ${name}`);
    return made;
  }
}

function wakeQueueName({ stage }: Environment, shard: number | string): string {
  return `top-active-${stage}-wake-${shard}.fifo`;
}

function pascal(name: string): string {
  return name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}
