import { Aws, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  PolicyStatement,
  Role,
  SessionTagsPrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { partitionOf } from '@top-active/aws/items/keys';
import type { SecretPurpose } from '@top-active/aws';
import { chatsByActivity } from '@top-active/aws/table-definitions';
import type { Environment } from '../config.ts';
import { stackName, type StackPart } from '../stack-name.ts';
import { allowTableKey, userIdPattern } from './statements.ts';
import { acknowledgeWildcard } from './wildcards.ts';

const userPartition = partitionOf('${aws:PrincipalTag/userId}');
const content: SecretPurpose = 'content';
const userFolder = 'users/${aws:PrincipalTag/userId}/';

/** Stacks whose roles may take on a tenant role at all; which of their roles do, each role's own policy says. */
const assumingStacks: readonly StackPart[] = ['api', 'workers'];

export interface TenantRoles {
  /** Reads and writes one user's items, opens what is sealed in them, and seals secrets. */
  tenant: Role;
  /** The same, and opens secrets too: for those who call a provider, and for session hosts, who keep checkpoints. */
  tenantWithSecrets: Role;
}

export interface TenantData {
  environment: Environment;
  items: Table;
  keys: Table;
  secretsKey: Key;
  storageKey: Key;
  media: Bucket;
}

/**
 * The roles that code takes on before it touches a user's data. The session tag `userId` confines each session to that
 * user's partition; a handler with a bug is unable to read a neighbour.
 */
export function makeTenantRoles(scope: Construct, data: TenantData): TenantRoles {
  const tenant = makeRole(scope, 'TenantRole', data);
  const tenantWithSecrets = makeRole(scope, 'TenantSecretsRole', data);
  tenantWithSecrets.addToPolicy(secretsStatement(data, 'kms:Decrypt'));
  tenant.addToPolicy(secretsStatement(data, 'kms:Decrypt', content));
  closeKey(data, [tenant, tenantWithSecrets]);
  return { tenant, tenantWithSecrets };
}

function makeRole(scope: Construct, id: string, data: TenantData): Role {
  const role = new Role(scope, id, {
    description: 'What one user may do; taken on with the session tag userId',
    assumedBy: new SessionTagsPrincipal(
      new AccountPrincipal(Aws.ACCOUNT_ID).withConditions({
        ArnLike: {
          'aws:PrincipalArn': assumingStacks.map(
            (part) => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${stackName(data.environment, part)}-*`,
          ),
        },
        StringLike: { 'aws:RequestTag/userId': userIdPattern },
        Null: { 'aws:RequestTag/userId': 'false' },
      }),
    ),
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:ConditionCheckItem',
      ],
      resources: [data.items.tableArn, `${data.items.tableArn}/index/${chatsByActivity}`, data.keys.tableArn],
      // ForAllValues is true where the key is absent: the Null guard closes that door.
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [userPartition] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  );
  role.addToPolicy(secretsStatement(data, 'kms:GenerateDataKey'));
  allowTableKey(role, data.storageKey);
  for (const statement of mediaStatements(data)) role.addToPolicy(statement);
  const [mediaArn] = Object.values(Stack.of(scope).resolve(data.media.bucketArn)).map((parts) =>
    [parts].flat().join('.'),
  );
  acknowledgeWildcard(role, 'media', `<${mediaArn}>/users/<aws:PrincipalTag/userId>/*`);
  return role;
}

/** Objects under the user's own prefix; the key of the bucket only for S3, and for this bucket. */
function mediaStatements({ media, storageKey }: TenantData): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [media.arnForObjects(`${userFolder}*`)],
    }),
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [media.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${userFolder}*` }, Null: { 's3:prefix': 'false' } },
    }),
    new PolicyStatement({
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: [storageKey.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}`,
          // With a bucket key, S3 names the bucket here, not the object.
          'kms:EncryptionContext:aws:s3:arn': media.bucketArn,
        },
      },
    }),
  ];
}

/** Without a purpose: for all of them. */
function secretsStatement(
  { secretsKey }: TenantData,
  action: 'kms:GenerateDataKey' | 'kms:Decrypt',
  purpose?: SecretPurpose,
): PolicyStatement {
  return new PolicyStatement({
    actions: [action],
    resources: [secretsKey.keyArn],
    conditions: {
      StringEquals: {
        'kms:EncryptionContext:userId': '${aws:PrincipalTag/userId}',
        ...(purpose && { 'kms:EncryptionContext:purpose': purpose }),
      },
      Null: {
        'kms:EncryptionContext:userId': 'false',
        ...(purpose && { 'kms:EncryptionContext:purpose': 'false' }),
      },
    },
  });
}

/**
 * Nobody else unwraps a user's data key, whatever the account's policies allow them: not an administrator either, who
 * would have to change the policy of the key first, and leaves that in CloudTrail. See docs/operations/break-glass.md.
 */
function closeKey({ secretsKey }: TenantData, roles: readonly Role[]): void {
  secretsKey.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyTenants',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant'],
      resources: ['*'],
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': roles.map(({ roleArn }) => roleArn) } },
    }),
  );
}
