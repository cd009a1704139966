import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { readEnvironment } from '@top-active/infra/config';
import { stackPlaces } from '@top-active/infra/stack-name';
import type { Check } from '../finding.ts';
import { factsChecks } from './facts.ts';
import { alarmsCheck } from './alarms.ts';
import { backupsCheck } from './backups.ts';
import { accountOf, credentialsCheck } from './credentials.ts';
import { deadLettersCheck } from './dead-letters.ts';
import { emailCheck } from './email.ts';
import { googleSecretCheck } from './google-secret.ts';
import { hostsCheck } from './hosts.ts';
import { createInventory } from './inventory.ts';
import { quotasCheck } from './quotas.ts';
import { settingsCheck } from './settings.ts';
import { stacksCheck } from './stacks.ts';
import { streamsCheck } from './streams.ts';
import { apiCheck, webCheck } from './web.ts';

/**
 * Of one environment in AWS. Without credentials, or in an account that doesn't answer, only that is told: all else
 * follows from it.
 * @throws Error for a stage that isn't configured
 */
export async function awsChecks(stage: string): Promise<Check[]> {
  const environment = readEnvironment(stage);
  const { region } = environment;
  const config = {
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
  };
  const account = await accountOf(new STSClient(config));
  const first = [settingsCheck(environment), credentialsCheck({ account, region })];
  if ('error' in account) return first;
  const inventory = createInventory(
    stackPlaces(environment),
    (region) => new CloudFormationClient({ ...config, region }),
  );
  return [
    ...first,
    stacksCheck(inventory),
    webCheck(inventory),
    apiCheck(inventory),
    hostsCheck(new ECSClient(config), inventory),
    alarmsCheck(new CloudWatchClient(config), { prefix: `top-active-${stage}-` }),
    deadLettersCheck(new SQSClient(config), inventory),
    googleSecretCheck(new SecretsManagerClient(config), inventory),
    emailCheck(new CognitoIdentityProviderClient(config), inventory),
    streamsCheck({ dynamodb: new DynamoDBClient(config), lambda: new LambdaClient(config) }, inventory),
    backupsCheck(new DynamoDBClient(config), inventory),
    ...factsChecks(config, { inventory, environment }),
    ...quotasCheck(new ServiceQuotasClient(config), environment),
  ];
}
