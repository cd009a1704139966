import { environmentOf, type EnvironmentName, type FunctionDefinition } from '@top-active/lambdas/functions';
import type { IamSettings } from '@top-active/cloud/api-gateway';
import { localAccountId } from '@top-active/cloud/wire';
import { accessKeyOf, localShards, type Cloud } from './boot-cloud.ts';
import type { Providers } from './providers.ts';

export interface EnvironmentInput {
  cloud: Cloud;
  providers: Providers;
  appOrigin: string;
  originSecret: string;
  /** Address of the WebSocket API's stage. */
  realtimeEndpoint: string;
}

/** Values of every variable that a function or the session host may name, as infra gives them in AWS. */
export function productEnvironment(
  workload: string,
  { cloud, providers, appOrigin, originSecret, realtimeEndpoint }: EnvironmentInput,
): Record<EnvironmentName, string | undefined> {
  const deployed = cloud.deployment.workload(workload).environment;
  return {
    STAGE: 'local',
    SIMULATED: String(providers.simulated),
    APP_ORIGIN: appOrigin,
    ORIGIN_SECRETS: `${originSecret},next-${originSecret}`,
    ITEMS_TABLE: cloud.tables.items,
    KEYS_TABLE: cloud.tables.keys,
    PLACEMENTS_TABLE: cloud.tables.placements,
    LIMITS_TABLE: cloud.tables.limits,
    ERASURES_TABLE: cloud.tables.erasures,
    LEASES_TABLE: cloud.tables.leases,
    KMS_KEY_ID: cloud.kmsKeyId,
    TENANT_ROLE_ARN: deployed.TENANT_ROLE_ARN,
    USER_POOL_ID: cloud.pool.userPoolId,
    USER_POOL_CLIENT_ID: cloud.pool.clientId,
    USER_POOL_PRESENCE_CLIENT_ID: cloud.presenceClientId,
    TOKEN_ISSUER: cloud.pool.issuer,
    SHARDS: String(localShards),
    WAKE_QUEUE_URL_TEMPLATE: cloud.wakeQueueUrlTemplate,
    ASSISTANT_QUEUE_URL: cloud.assistantQueue.url,
    REALTIME_ENDPOINT: realtimeEndpoint,
    GOOGLE_CLIENT_ID: providers.google.clientId,
    GOOGLE_CLIENT_SECRET_ARN: deployed.GOOGLE_CLIENT_SECRET_ARN,
    GOOGLE_AUTH_URL: providers.google.authUrl,
    GOOGLE_TOKEN_URL: providers.google.tokenUrl,
    GOOGLE_REVOKE_URL: providers.google.revokeUrl,
    GOOGLE_API_ROOT: providers.google.apiRoot,
    OPENAI_BASE_URL: providers.openAiBaseUrl,
    OPENAI_MODEL: providers.openAiModel,
  };
}

/** Where the stand-ins are. No template names these: in AWS the functions know the real ones. */
const standIns: ReadonlySet<string> = new Set<EnvironmentName>([
  'SIMULATED',
  'GOOGLE_AUTH_URL',
  'GOOGLE_TOKEN_URL',
  'GOOGLE_REVOKE_URL',
  'GOOGLE_API_ROOT',
  'OPENAI_BASE_URL',
]);

/**
 * All that a function finds in its environment: the variables that its template has, with their values on this machine;
 * where the stand-ins are that it calls; and what AWS adds, with credentials of the function's own role.
 */
export function functionEnvironment(definition: FunctionDefinition, input: EnvironmentInput): Record<string, string> {
  const { cloud } = input;
  const { environment: deployed } = cloud.deployment.workload(definition.name);
  const values = Object.entries(productEnvironment(definition.name, input));
  const known = Object.fromEntries(values.filter(([name]) => name in deployed || standIns.has(name)));
  return { ...awsEnvironment(cloud, definition.name), ...environmentOf(definition, known) };
}

/**
 * What AWS itself puts into the environment of a function or container: whose credentials, and where the services are.
 * @param session name of the role's session: for a container its task
 */
export function awsEnvironment(cloud: Cloud, workload: string, session = workload): Record<string, string> {
  const accessKeyId = accessKeyOf(session === workload ? workload : workload + session);
  const { roleArn } = cloud.deployment.workload(workload);
  cloud.sts.registerPrincipal({ accessKeyId, arn: sessionArn(roleArn, session) });
  return { ...endpointVariables(cloud), AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: 'local' };
}

/** Like `awsEnvironment`, for a test's process that plays several functions: it may do what any of them may. */
export function awsEnvironmentOfSeveral(cloud: Cloud, workloads: readonly string[]): Record<string, string> {
  const accessKeyId = accessKeyOf('several');
  const roles = workloads.map((name) => cloud.deployment.workload(name).roleArn);
  const arn = sessionArn(roles[0] ?? '', 'several');
  cloud.sts.registerPrincipal({ accessKeyId, arn });
  cloud.authorizer.actFor(arn, roles);
  return { ...endpointVariables(cloud), AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: 'local' };
}

function sessionArn(roleArn: string, session: string): string {
  return `arn:aws:sts::${localAccountId}:assumed-role/${roleArn.slice(roleArn.lastIndexOf('/') + 1)}/${session}`;
}

function endpointVariables({ endpoints }: Cloud): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_S3: endpoints.sqs,
    AWS_ENDPOINT_URL_KMS: endpoints.kms,
    AWS_ENDPOINT_URL_STS: endpoints.sts,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: endpoints.cognito,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
  };
}

/** How the HTTP API knows who signed a request, and whether that one may call the route. */
export function iamOf({ sts, authorizer, deployment }: Cloud): IamSettings {
  return {
    apiId: deployment.apis.http,
    authorize: authorizer.authorize,
    identify(accessKeyId) {
      const principal = sts.resolve(accessKeyId);
      const secretAccessKey = sts.secretOf(accessKeyId);
      return principal && secretAccessKey !== undefined ? { ...principal, secretAccessKey } : undefined;
    },
  };
}
