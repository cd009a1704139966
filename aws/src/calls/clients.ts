import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { watchCalls } from '../metrics/watch-calls.ts';

/**
 * SDK clients, each made on first use, with the process's own credentials. Endpoints come from the environment
 * (AWS_ENDPOINT_URL_<SERVICE>, read by the SDK itself). All have connection and request timeouts and few retries.
 */
export interface AwsClients {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly kms: KMSClient;
  readonly sts: STSClient;
  readonly sqs: SQSClient;
  readonly cognito: CognitoIdentityProviderClient;
  readonly secretsManager: SecretsManagerClient;
  management(endpoint: string): ApiGatewayManagementApiClient;
  /** Clients with other credentials than the process's own, over the same connections. Never close them. */
  withCredentials(credentials: DynamoDBClientConfig['credentials']): {
    dynamodb: DynamoDBDocumentClient;
    kms: KMSClient;
  };
  close(): void;
}

/** Milliseconds; `throwOnRequestTimeout`, since by default the SDK only logs a warning. */
const timeouts = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
const defaults = { maxAttempts: 3, requestHandler: timeouts };
/** A long poll lasts 20 seconds. */
const queueDefaults = { maxAttempts: 3, requestHandler: { ...timeouts, requestTimeout: 25_000 } };
/** Hints are best effort and somebody may be waiting for the commit behind them. */
const hintDefaults = {
  maxAttempts: 1,
  requestHandler: { ...timeouts, connectionTimeout: 1_000, requestTimeout: 1_000 },
};

export function createClients(): AwsClients {
  const opened: { destroy(): void }[] = [];
  const management = new Map<string, ApiGatewayManagementApiClient>();

  function once<T extends { destroy(): void }>(make: () => T): () => T {
    let made: T | undefined;
    return () => {
      if (!made) opened.push((made = make()));
      return made;
    };
  }

  const base = once(() => watchCalls(new DynamoDBClient(defaults), 'dynamodb'));
  const dynamodb = once(() => toDocumentClient(base()));
  const kms = once(() => watchCalls(new KMSClient(defaults), 'kms'));
  const sts = once(() => watchCalls(new STSClient(defaults), 'sts'));
  const sqs = once(() => watchCalls(new SQSClient(queueDefaults), 'sqs'));
  const cognito = once(() => watchCalls(new CognitoIdentityProviderClient(defaults), 'cognito'));
  const secretsManager = once(() => new SecretsManagerClient(defaults));

  return {
    get dynamodb() {
      return dynamodb();
    },
    get kms() {
      return kms();
    },
    get sts() {
      return sts();
    },
    get sqs() {
      return sqs();
    },
    get cognito() {
      return cognito();
    },
    get secretsManager() {
      return secretsManager();
    },
    management(endpoint) {
      const client = management.get(endpoint) ?? new ApiGatewayManagementApiClient({ ...hintDefaults, endpoint });
      if (!management.has(endpoint)) opened.push(client);
      management.set(endpoint, client);
      return client;
    },
    withCredentials(credentials) {
      const config = { maxAttempts: defaults.maxAttempts, ...(credentials && { credentials }) };
      return {
        dynamodb: toDocumentClient(
          watchCalls(new DynamoDBClient({ ...config, requestHandler: base().config.requestHandler }), 'dynamodb'),
        ),
        kms: watchCalls(
          new KMSClient({ ...config, requestHandler: kms().config.requestHandler } satisfies KMSClientConfig),
          'kms',
        ),
      };
    },
    close() {
      for (const client of opened) client.destroy();
    },
  };
}

function toDocumentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
