import type { EnvironmentName } from '@top-active/lambdas/functions';
import { localShards, roleArn, sessionArn, type Cloud } from './boot-cloud.ts';
import type { IamSettings } from '../cloud/api-gateway/index.ts';
import type { Providers } from './providers.ts';

export interface EnvironmentInput {
  cloud: Cloud;
  providers: Providers;
  appOrigin: string;
  originSecret: string;
  /** Address of the WebSocket API's stage. */
  realtimeEndpoint: string;
}

/** Values of every variable that a function may name, as infra gives them in AWS. */
export function productEnvironment({
  cloud,
  providers,
  appOrigin,
  originSecret,
  realtimeEndpoint,
}: EnvironmentInput): Record<EnvironmentName, string | undefined> {
  return {
    STAGE: 'local',
    SIMULATED: String(providers.simulated),
    APP_ORIGIN: appOrigin,
    ORIGIN_SECRET: originSecret,
    ITEMS_TABLE: cloud.tables.items,
    KEYS_TABLE: cloud.tables.keys,
    PLACEMENTS_TABLE: cloud.tables.placements,
    LIMITS_TABLE: cloud.tables.limits,
    ERASURES_TABLE: cloud.tables.erasures,
    LEASES_TABLE: cloud.tables.leases,
    KMS_KEY_ID: cloud.kmsKeyId,
    TENANT_ROLE_ARN: roleArn('tenant'),
    USER_POOL_ID: cloud.pool.userPoolId,
    USER_POOL_CLIENT_ID: cloud.pool.clientId,
    SHARDS: String(localShards),
    WAKE_QUEUE_URL_TEMPLATE: cloud.wakeQueueUrlTemplate,
    ASSISTANT_QUEUE_URL: cloud.assistantQueue.url,
    REALTIME_ENDPOINT: realtimeEndpoint,
    GOOGLE_CLIENT_ID: providers.google.clientId,
    GOOGLE_CLIENT_SECRET: providers.google.clientSecret,
    GOOGLE_CLIENT_SECRET_ARN: undefined,
    GOOGLE_AUTH_URL: providers.google.authUrl,
    GOOGLE_TOKEN_URL: providers.google.tokenUrl,
    GOOGLE_REVOKE_URL: providers.google.revokeUrl,
    GOOGLE_API_ROOT: providers.google.apiRoot,
    OPENAI_BASE_URL: providers.openAiBaseUrl,
    OPENAI_MODEL: providers.openAiModel,
  };
}

/**
 * What AWS itself puts into the environment of a function or container: whose credentials, and where the services are.
 * @param session name of the role's session: for a container its task
 */
export function awsEnvironment(cloud: Cloud, principal: string, session = principal): Record<string, string> {
  const accessKeyId = `AKIALOCAL${(session === principal ? principal : principal + session).replaceAll('-', '').toUpperCase()}`;
  cloud.sts.registerPrincipal({ accessKeyId, arn: sessionArn(principal, session) });
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: cloud.endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: cloud.endpoints.sqs,
    AWS_ENDPOINT_URL_KMS: cloud.endpoints.kms,
    AWS_ENDPOINT_URL_STS: cloud.endpoints.sts,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cloud.endpoints.cognito,
  };
}

/** How the HTTP API knows who signed a request. */
export function iamOf({ sts }: Cloud): IamSettings {
  return {
    identify(accessKeyId) {
      const principal = sts.resolve(accessKeyId);
      const secretAccessKey = sts.secretOf(accessKeyId);
      return principal && secretAccessKey !== undefined ? { ...principal, secretAccessKey } : undefined;
    },
  };
}
