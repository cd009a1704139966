import { Aws, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Effect, PolicyStatement, Role, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { DataStack } from './stacks/data-stack.ts';

const userPartition = 'USER#${aws:PrincipalTag/userId}';

export interface TenantRoles {
  /** Reads and writes one user's items, and seals secrets. */
  tenant: Role;
  /** The same, and opens secrets too: for those who call a provider or keep checkpoints. */
  tenantWithSecrets: Role;
}

/**
 * The roles that code takes on before it touches a user's data. The session tag `userId` confines each session to that
 * user's partition; a handler with a bug is unable to read a neighbour.
 */
export function makeTenantRoles(scope: Construct, data: DataStack): TenantRoles {
  const tenant = makeRole(scope, 'TenantRole', data);
  const tenantWithSecrets = makeRole(scope, 'TenantSecretsRole', data);
  tenantWithSecrets.addToPolicy(secretsStatement(data, 'kms:Decrypt'));
  return { tenant, tenantWithSecrets };
}

/** Lets a role become the tenant role for one user at a time. */
export function allowAssuming(assumer: Role, tenant: Role): void {
  assumer.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      resources: [tenant.roleArn],
      conditions: {
        StringLike: { 'aws:RequestTag/userId': '*' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['userId'] },
        Null: { 'aws:RequestTag/userId': 'false' },
      },
    }),
  );
}

function makeRole(scope: Construct, id: string, data: DataStack): Role {
  const stack = Stack.of(scope);
  const role = new Role(scope, id, {
    // Only roles of this deployment that are allowed to by their own policy: see `allowAssuming`.
    assumedBy: new SessionTagsPrincipal(
      new AccountPrincipal(Aws.ACCOUNT_ID).withConditions({
        ArnLike: {
          'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${stack.node.tryGetContext('stage') ?? '*'}-*`,
        },
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
      resources: [
        data.tables.items.tableArn,
        `${data.tables.items.tableArn}/index/chats-by-activity`,
        data.tables.keys.tableArn,
      ],
      // ForAllValues is true where the key is absent: the Null guard closes that door.
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [userPartition] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  );
  role.addToPolicy(secretsStatement(data, 'kms:GenerateDataKey'));
  allowTableKey(role, data);
  return role;
}

/** Tables are encrypted with a key of ours; DynamoDB uses it in the caller's name, and for nothing else. */
export function allowTableKey(role: Role, data: DataStack): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [data.storageKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    }),
  );
}

function secretsStatement(data: DataStack, action: 'kms:GenerateDataKey' | 'kms:Decrypt'): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [action],
    resources: [data.secretsKey.keyArn],
    conditions: {
      StringEquals: { 'kms:EncryptionContext:userId': '${aws:PrincipalTag/userId}' },
      Null: { 'kms:EncryptionContext:userId': 'false' },
    },
  });
}
