import type { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { STSClient } from '@aws-sdk/client-sts';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

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
  close(): void;
}
