import { Aws } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { EnvironmentName, FunctionName } from '@top-active/lambdas/functions';
import type { Resources } from './resources.ts';
import type { DataStack } from './stacks/data-stack.ts';
import { wakeQueueName } from './stacks/queues-stack.ts';

/**
 * Those who call a provider with a user's own secret, and so must open it; and who gives session hosts their
 * credentials.
 */
export const opensSecrets: ReadonlySet<FunctionName> = new Set(['google', 'assistant', 'erasure', 'host-access']);

/** What a session host reads, and nothing else: beside it runs a browser with pages of others. */
const hostVariables = [
  'STAGE',
  'ITEMS_TABLE',
  'KEYS_TABLE',
  'PLACEMENTS_TABLE',
  'LEASES_TABLE',
  'KMS_KEY_ID',
  'SHARDS',
  'WAKE_QUEUE_URL_TEMPLATE',
  'REALTIME_ENDPOINT',
] as const;

export function tenantRoleOf({ tenantRoles }: DataStack, opensSecrets: boolean): Role {
  return opensSecrets ? tenantRoles.tenantWithSecrets : tenantRoles.tenant;
}

/** Values of all variables; a function gets those that its definition names. */
export function variablesOf(
  { environment, data, identity, queues, web }: Resources,
  { opensSecrets }: { opensSecrets: boolean },
) {
  return {
    STAGE: environment.stage,
    APP_ORIGIN: web.appOrigin,
    ORIGIN_SECRETS: [web.originSecrets.current, web.originSecrets.next]
      .map((secret) => secret.secretValue.unsafeUnwrap())
      .join(','),
    ITEMS_TABLE: data.table('items').tableName,
    KEYS_TABLE: data.table('keys').tableName,
    PLACEMENTS_TABLE: data.table('placements').tableName,
    LIMITS_TABLE: data.table('limits').tableName,
    LEASES_TABLE: data.table('leases').tableName,
    ERASURES_TABLE: data.table('erasures').tableName,
    KMS_KEY_ID: data.secretsKey.keyArn,
    TENANT_ROLE_ARN: tenantRoleOf(data, opensSecrets).roleArn,
    USER_POOL_ID: identity.userPool.userPoolId,
    USER_POOL_CLIENT_ID: identity.client.userPoolClientId,
    USER_POOL_PRESENCE_CLIENT_ID: identity.presenceClient.userPoolClientId,
    TOKEN_ISSUER: identity.userPool.userPoolProviderUrl,
    SHARDS: String(environment.shards),
    // Queue names are ours, so that the URLs of all shards fit into one variable.
    WAKE_QUEUE_URL_TEMPLATE: `https://sqs.${Aws.REGION}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}/${wakeQueueName(environment, '{shard}')}`,
    ASSISTANT_QUEUE_URL: queues.assistant.queue.queueUrl,
    REALTIME_ENDPOINT: web.realtimeEndpoint,
    GOOGLE_CLIENT_ID: environment.googleClientId,
    GOOGLE_CLIENT_SECRET_ARN: data.googleSecret.secretArn,
    OPENAI_MODEL: environment.openAiModel,
  } satisfies Partial<Record<EnvironmentName, string>>;
}

/** Environment of the session host, but for what its own stack decides. */
export function hostVariablesOf(resources: Resources): Record<string, string> {
  const variables = variablesOf(resources, { opensSecrets: true });
  return {
    ...Object.fromEntries(hostVariables.map((name) => [name, variables[name]])),
    // By its own address: CloudFront forwards nothing to the routes of hosts.
    HOST_ACCESS_ENDPOINT: resources.web.httpApi.apiEndpoint,
  };
}
