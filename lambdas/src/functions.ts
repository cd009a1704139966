import { prefixes } from '@top-active/aws/items/keys';
import {
  accountRoutes,
  authRoutes,
  chatsRoutes,
  credentialsRoutes,
  entriesOf,
  googleRoutes,
  hostAccessRoutes,
  partsOf,
  whatsAppRoutes,
  type AssistantMode,
  type HttpMethod,
  type Route,
  type RouteTable,
  type SuggestionState,
} from '@top-active/core/contracts';

/**
 * Every Lambda function of the product as plain data: infra builds it with CDK, the local stack runs it. No function
 * is described anywhere else. The handler export is always called `handler`.
 */
export type EnvironmentName =
  | 'STAGE'
  | 'SIMULATED'
  | 'APP_ORIGIN'
  | 'ORIGIN_SECRETS'
  | 'ITEMS_TABLE'
  | 'KEYS_TABLE'
  | 'PLACEMENTS_TABLE'
  | 'LIMITS_TABLE'
  | 'ERASURES_TABLE'
  | 'LEASES_TABLE'
  | 'KMS_KEY_ID'
  | 'TENANT_ROLE_ARN'
  | 'USER_POOL_ID'
  | 'USER_POOL_CLIENT_ID'
  | 'USER_POOL_PRESENCE_CLIENT_ID'
  | 'TOKEN_ISSUER'
  | 'SHARDS'
  | 'WAKE_QUEUE_URL_TEMPLATE'
  | 'ASSISTANT_QUEUE_URL'
  | 'REALTIME_ENDPOINT'
  | 'GOOGLE_CLIENT_ID'
  | 'GOOGLE_CLIENT_SECRET_ARN'
  | 'GOOGLE_AUTH_URL'
  | 'GOOGLE_TOKEN_URL'
  | 'GOOGLE_REVOKE_URL'
  | 'GOOGLE_API_ROOT'
  | 'OPENAI_BASE_URL'
  | 'OPENAI_MODEL';

/** A route as API Gateway has it, in its notation (`{id}`, `{proxy+}`). */
export interface HttpRoute {
  method: HttpMethod | 'ANY';
  path: string;
  authorizer: Route['access'];
}

export type Trigger =
  | { kind: 'http'; routes: readonly HttpRoute[] }
  | { kind: 'websocket'; routes: readonly ('$connect' | '$disconnect' | '$default')[]; authorizer: FunctionName }
  /** REQUEST authorizer of the WebSocket API's $connect, never cached: a ticket is good for one connection. */
  | { kind: 'websocket-authorizer'; identitySource: 'route.request.header.Sec-WebSocket-Protocol' }
  /** `filters` are FilterCriteria patterns; a record that matches one of them is delivered. */
  | {
      kind: 'stream';
      table: 'items';
      filters: readonly Record<string, unknown>[];
      batchSize: number;
      maximumRetryAttempts: number;
    }
  /** SQS FIFO with ReportBatchItemFailures. */
  | { kind: 'queue'; queue: 'assistant'; batchSize: number; maximumConcurrency: number }
  | { kind: 'schedule'; everyMinutes: number }
  /** Before each token, with the event of version 2. */
  | { kind: 'user-pool'; operation: 'pre-token-generation' };

export type FunctionName =
  | 'auth'
  | 'account'
  | 'credentials'
  | 'google'
  | 'whatsapp'
  | 'chats'
  | 'realtime-authorizer'
  | 'realtime'
  | 'dispatch'
  | 'assistant'
  | 'maintenance'
  | 'erasure'
  | 'host-access'
  | 'token-scopes'
  | 'user-pool-care';

export interface FunctionDefinition {
  name: FunctionName;
  description: string;
  /** Path from the repository's root. */
  entry: `lambdas/src/${string}.handler.ts`;
  trigger: Trigger;
  /** Environment variables that the function reads, besides AWS's own. */
  environment: readonly EnvironmentName[];
  timeoutSeconds: number;
  memoryMiB: number;
}

/** What it takes to work on the data of one user: the tables, the key, the role to assume, and where hints go. */
const tenant = [
  'STAGE',
  'SIMULATED',
  'ITEMS_TABLE',
  'KEYS_TABLE',
  'KMS_KEY_ID',
  'TENANT_ROLE_ARN',
  'REALTIME_ENDPOINT',
] as const satisfies EnvironmentName[];

/** What it takes to let people in: each function verifies their access tokens itself. */
const door = ['ORIGIN_SECRETS', 'TOKEN_ISSUER', 'USER_POOL_CLIENT_ID'] as const satisfies EnvironmentName[];

/** What it takes to wake the host of a user. */
const wakes = ['SHARDS', 'WAKE_QUEUE_URL_TEMPLATE'] as const satisfies EnvironmentName[];

const googleClient = [
  'GOOGLE_CLIENT_ID',
  'GOOGLE_CLIENT_SECRET_ARN',
  'GOOGLE_AUTH_URL',
  'GOOGLE_TOKEN_URL',
  'GOOGLE_REVOKE_URL',
  'GOOGLE_API_ROOT',
] as const satisfies EnvironmentName[];

export const functions: readonly FunctionDefinition[] = [
  {
    name: 'auth',
    description:
      'Register, confirm, log in, new password, second factor, refresh, log out, and the beginning of an erasure',
    entry: 'lambdas/src/auth/auth.handler.ts',
    trigger: { kind: 'http', routes: httpRoutesOf(authRoutes) },
    environment: [
      ...tenant,
      ...door,
      'APP_ORIGIN',
      'LIMITS_TABLE',
      'ERASURES_TABLE',
      'USER_POOL_ID',
      'USER_POOL_PRESENCE_CLIENT_ID',
    ],
    timeoutSeconds: 20,
    memoryMiB: 512,
  },
  {
    name: 'account',
    description: 'Profile, event log, realtime tickets, health and the OpenAPI document; answers every unknown path',
    entry: 'lambdas/src/account/account.handler.ts',
    trigger: {
      kind: 'http',
      routes: [...httpRoutesOf(accountRoutes), { method: 'ANY', path: '/api/{proxy+}', authorizer: 'none' }],
    },
    environment: [...tenant, ...door, 'APP_ORIGIN'],
    timeoutSeconds: 15,
    memoryMiB: 512,
  },
  {
    name: 'credentials',
    description: "The user's OpenAI key and the state of both providers",
    entry: 'lambdas/src/credentials/credentials.handler.ts',
    trigger: { kind: 'http', routes: httpRoutesOf(credentialsRoutes) },
    environment: [...tenant, ...door, 'LIMITS_TABLE', 'OPENAI_BASE_URL', 'OPENAI_MODEL'],
    timeoutSeconds: 25,
    memoryMiB: 512,
  },
  {
    name: 'google',
    description: 'OAuth with Google: connect, callback, disconnect',
    entry: 'lambdas/src/google/google.handler.ts',
    trigger: { kind: 'http', routes: httpRoutesOf(googleRoutes) },
    environment: [...tenant, ...door, 'APP_ORIGIN', ...googleClient],
    timeoutSeconds: 25,
    memoryMiB: 512,
  },
  {
    name: 'whatsapp',
    description: 'Link state of the WhatsApp account',
    entry: 'lambdas/src/whatsapp/whatsapp.handler.ts',
    trigger: { kind: 'http', routes: httpRoutesOf(whatsAppRoutes) },
    environment: [...tenant, ...door, ...wakes, 'LIMITS_TABLE', 'PLACEMENTS_TABLE'],
    timeoutSeconds: 15,
    memoryMiB: 512,
  },
  {
    name: 'chats',
    description: 'Chats, messages and suggestions',
    entry: 'lambdas/src/chats/chats.handler.ts',
    trigger: { kind: 'http', routes: httpRoutesOf(chatsRoutes) },
    environment: [...tenant, ...door, ...wakes],
    timeoutSeconds: 15,
    memoryMiB: 512,
  },
  {
    name: 'realtime-authorizer',
    description: 'Turns a one-use ticket into the identity of a WebSocket',
    entry: 'lambdas/src/realtime-authorizer/realtime-authorizer.handler.ts',
    trigger: { kind: 'websocket-authorizer', identitySource: 'route.request.header.Sec-WebSocket-Protocol' },
    environment: [...tenant, 'APP_ORIGIN', 'ORIGIN_SECRETS'],
    timeoutSeconds: 10,
    memoryMiB: 512,
  },
  {
    name: 'realtime',
    description: 'Opens, answers and closes WebSockets',
    entry: 'lambdas/src/realtime/realtime.handler.ts',
    trigger: {
      kind: 'websocket',
      routes: ['$connect', '$disconnect', '$default'],
      authorizer: 'realtime-authorizer',
    },
    environment: [...tenant, 'APP_ORIGIN', 'ORIGIN_SECRETS'],
    timeoutSeconds: 10,
    memoryMiB: 512,
  },
  {
    name: 'dispatch',
    description: 'Turns changes of chats and suggestions into jobs of the assistant',
    entry: 'lambdas/src/dispatch/dispatch.handler.ts',
    trigger: {
      kind: 'stream',
      table: 'items',
      filters: [
        newImage(prefixes.chat, { assistantMode: { S: [{ 'anything-but': ['off' satisfies AssistantMode] }] } }),
        newImage(prefixes.suggestion, { state: { S: ['accepted' satisfies SuggestionState] } }),
      ],
      batchSize: 25,
      maximumRetryAttempts: 10,
    },
    environment: ['STAGE', 'ASSISTANT_QUEUE_URL'],
    timeoutSeconds: 30,
    memoryMiB: 512,
  },
  {
    name: 'assistant',
    description: 'Writes suggestions and books accepted appointments',
    entry: 'lambdas/src/assistant/assistant.handler.ts',
    // One record at a time: a slow model answer for one chat must not hold up the chats of others.
    trigger: { kind: 'queue', queue: 'assistant', batchSize: 1, maximumConcurrency: 50 },
    environment: [...tenant, ...wakes, ...googleClient, 'PLACEMENTS_TABLE', 'OPENAI_BASE_URL', 'OPENAI_MODEL'],
    timeoutSeconds: 60,
    memoryMiB: 512,
  },
  {
    name: 'maintenance',
    description: 'Wakes hosts for commands that nobody has picked up, and counts shards without a host',
    entry: 'lambdas/src/maintenance/maintenance.handler.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    environment: [...tenant, ...wakes, 'PLACEMENTS_TABLE', 'LEASES_TABLE', 'ASSISTANT_QUEUE_URL'],
    timeoutSeconds: 50,
    memoryMiB: 512,
  },
  {
    name: 'erasure',
    description: 'Takes erasures of accounts further, until nothing is left',
    entry: 'lambdas/src/erasure/erasure.handler.ts',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    environment: [...tenant, ...wakes, ...googleClient, 'PLACEMENTS_TABLE', 'ERASURES_TABLE', 'USER_POOL_ID'],
    timeoutSeconds: 55,
    memoryMiB: 512,
  },
  {
    name: 'host-access',
    description: 'Gives shards to session hosts, and credentials for the users of the shards they hold',
    entry: 'lambdas/src/host-access/host-access.handler.ts',
    trigger: { kind: 'http', routes: httpRoutesOf(hostAccessRoutes) },
    environment: ['STAGE', 'LEASES_TABLE', 'PLACEMENTS_TABLE', 'TENANT_ROLE_ARN', 'SHARDS'],
    timeoutSeconds: 10,
    memoryMiB: 512,
  },
  {
    name: 'token-scopes',
    description: 'Takes from each access token what it could do at the user pool itself',
    entry: 'lambdas/src/token-scopes/token-scopes.handler.ts',
    trigger: { kind: 'user-pool', operation: 'pre-token-generation' },
    environment: ['USER_POOL_PRESENCE_CLIENT_ID'],
    // The user pool waits no longer.
    timeoutSeconds: 5,
    memoryMiB: 512,
  },
  {
    name: 'user-pool-care',
    description: 'Gives up registrations that nobody confirmed, and tells of users who are gone from the user pool',
    entry: 'lambdas/src/user-pool-care/user-pool-care.handler.ts',
    trigger: { kind: 'schedule', everyMinutes: 60 },
    environment: ['STAGE', 'USER_POOL_ID', 'PLACEMENTS_TABLE', 'ERASURES_TABLE', 'SHARDS'],
    timeoutSeconds: 300,
    memoryMiB: 512,
  },
];

/** All routes of a table. */
function httpRoutesOf(table: RouteTable): HttpRoute[] {
  return entriesOf(table).map(([line, { access }]) => ({ ...partsOf(line), authorizer: access }));
}

/** A filter of the stream: items of one kind, with attributes as wanted once they are written. */
function newImage(prefix: string, attributes: Record<string, unknown>): Record<string, unknown> {
  return { dynamodb: { NewImage: { sk: { S: [{ prefix }] }, ...attributes } } };
}

/** The variables of one function: of all `values` those that its definition names, and what every function gets. */
export function environmentOf(
  { name, environment }: FunctionDefinition,
  values: Partial<Record<EnvironmentName, string | undefined>>,
): Record<string, string> {
  const named = environment.flatMap((variable) => {
    const value = values[variable];
    return value === undefined ? [] : [[variable, value]];
  });
  return { ...Object.fromEntries(named), POWERTOOLS_SERVICE_NAME: name };
}
