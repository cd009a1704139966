import type { Deployment } from '@top-active/cloud/iam';
import { encryptionAccess } from '@top-active/cloud/iam';
import { localAccountId, localRegion } from '@top-active/cloud/wire';
import { executeApiArn, sessionOf, type Check } from './check.ts';

/** Once an hour, at a cold start, or when somebody resets a password or switches the second factor. */
const poolActions: Readonly<Record<string, readonly string[]>> = {
  auth: ['AdminGetUser', 'AdminSetUserMFAPreference', 'AdminUserGlobalSignOut', 'DescribeUserPoolClient'],
  'user-pool-care': ['ListUsers', 'AdminGetUser', 'AdminDeleteUser'],
};

/** What functions do only in the seldom case, such as waking a host again: their variables name what they work with. */
export function seldomAccesses({ workloads, apis, encryptionKeyOf, arnsOf }: Deployment): Check[] {
  return workloads.flatMap(({ name, roleArn, environment }) => {
    const by = { principal: sessionOf(roleArn, name), role: roleArn, context: {} };
    const wake = environment.WAKE_QUEUE_URL_TEMPLATE?.replace(/^.*\//, '').replace('{shard}', '0');
    const queue = wake === undefined ? undefined : `arn:aws:sqs:${localRegion}:${localAccountId}:${wake}`;
    const key = queue === undefined ? undefined : encryptionKeyOf(queue);
    const erasures = arnsOf('AWS::DynamoDB::Table').find((arn) => arn.endsWith('/erasures'));
    return [
      ...(queue === undefined || key === undefined || name === 'session-host'
        ? []
        : [
            { ...by, action: 'sqs:SendMessage', resource: queue },
            ...(['kms:GenerateDataKey', 'kms:Decrypt'] as const).map((action) => ({
              ...by,
              ...encryptionAccess({ keyArn: key, action, service: 'sqs', context: { 'aws:sqs:arn': queue } }),
            })),
          ]),
      ...(environment.REALTIME_ENDPOINT === undefined
        ? []
        : ['POST', 'DELETE'].map((method) => ({
            ...by,
            action: 'execute-api:ManageConnections',
            resource: executeApiArn(apis.webSocket, `live/${method}/@connections/connection`),
          }))),
      ...(environment.GOOGLE_CLIENT_SECRET_ARN === undefined
        ? []
        : [{ ...by, action: 'secretsmanager:GetSecretValue', resource: environment.GOOGLE_CLIENT_SECRET_ARN }]),
      ...(environment.USER_POOL_ID === undefined
        ? []
        : (poolActions[name] ?? []).map((action) => ({
            ...by,
            action: `cognito-idp:${action}`,
            resource: `arn:aws:cognito-idp:${localRegion}:${localAccountId}:userpool/${environment.USER_POOL_ID}`,
          }))),
      ...(name === 'user-pool-care' && erasures !== undefined
        ? [
            {
              ...by,
              action: 'dynamodb:GetItem',
              resource: erasures,
              context: { 'dynamodb:LeadingKeys': ['TOMBSTONE'] },
            },
            {
              ...by,
              action: 'dynamodb:Query',
              resource: erasures.replace(/erasures$/, 'placements'),
              context: { 'dynamodb:LeadingKeys': ['SHARD#0'] },
            },
            {
              ...by,
              ...encryptionAccess({
                keyArn: encryptionKeyOf(erasures) ?? '',
                action: 'kms:Decrypt',
                service: 'dynamodb',
                context: {},
              }),
            },
          ]
        : []),
      // An erasure is complete an hour after it began; before, it notes that the providers have been told.
      ...(name === 'erasure' && erasures !== undefined
        ? ['TOMBSTONE', 'OPEN'].map((partition) => ({
            ...by,
            action: 'dynamodb:UpdateItem',
            resource: erasures,
            context: { 'dynamodb:LeadingKeys': [partition] },
          }))
        : []),
    ];
  });
}
