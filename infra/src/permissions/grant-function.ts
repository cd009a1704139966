import type { Role } from 'aws-cdk-lib/aws-iam';
import { knownModelsPartition } from '@top-active/aws/table-definitions';
import type { EnvironmentName, FunctionDefinition, FunctionName } from '@top-active/lambdas/functions';
import type { Resources } from '../resources.ts';
import { opensSecrets, tenantRoleOf } from '../variables.ts';
import { grantErasures } from './grant-erasures.ts';
import { allowWriting, grantReadLeases, grantShards } from './grant-leases.ts';
import { allowAssuming, allowRealtime, allowSecret, allowSending, allowTableKey } from './statements.ts';

/** One role each, with what the function uses and nothing else: what it uses, its variables tell. */
export function grantFunction(definition: FunctionDefinition, role: Role, resources: Resources): void {
  const { data, identity, queues, web } = resources;
  const { storageKey } = data;
  const uses = (name: EnvironmentName) => definition.environment.includes(name);
  if (uses('TENANT_ROLE_ARN')) allowAssuming(role, tenantRoleOf(data, opensSecrets.has(definition.name)));
  if (uses('LIMITS_TABLE') || uses('PLACEMENTS_TABLE') || uses('LEASES_TABLE') || uses('ERASURES_TABLE'))
    allowTableKey(role, storageKey);
  if (uses('LIMITS_TABLE')) data.table('limits').grant(role, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  // Registrations under way are kept there too.
  if (definition.name === 'auth') data.table('limits').grant(role, 'dynamodb:PutItem', 'dynamodb:DeleteItem');
  const placements = data.table('placements');
  // What it knows of its model stands beside the placements, which are no concern of its.
  if (definition.name === 'assistant')
    allowWriting(role, { tableArn: placements.tableArn, actions: ['dynamodb:PutItem'], key: knownModelsPartition });
  else if (uses('PLACEMENTS_TABLE')) placements.grant(role, ...placementActions(definition.name));
  if (uses('LEASES_TABLE')) {
    const grant = definition.name === 'host-access' ? grantShards : grantReadLeases;
    grant(role, data.table('leases').tableArn);
  }
  if (uses('ERASURES_TABLE')) grantErasures(role, { name: definition.name, tableArn: data.table('erasures').tableArn });
  if (uses('WAKE_QUEUE_URL_TEMPLATE')) allowSending(role, { queues: queues.wake, storageKey });
  if (uses('ASSISTANT_QUEUE_URL')) allowSending(role, { queues: [queues.assistant], storageKey });
  if (uses('GOOGLE_CLIENT_SECRET_ARN')) allowSecret(role, data.googleSecret.secretArn);
  if (uses('REALTIME_ENDPOINT')) allowRealtime(role, web);
  if (definition.name === 'auth')
    identity.userPool.grant(
      role,
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminDeleteUser',
      'cognito-idp:AdminSetUserMFAPreference',
      'cognito-idp:AdminUserGlobalSignOut',
      // The secrets of the app clients, which stand in no template and in no variable.
      'cognito-idp:DescribeUserPoolClient',
    );
  if (definition.name === 'erasure') identity.userPool.grant(role, 'cognito-idp:AdminDeleteUser');
  if (definition.name === 'user-pool-care')
    identity.userPool.grant(role, 'cognito-idp:ListUsers', 'cognito-idp:AdminGetUser', 'cognito-idp:AdminDeleteUser');
}

function placementActions(name: FunctionName): string[] {
  if (name === 'maintenance' || name === 'user-pool-care') return ['dynamodb:Query'];
  if (name === 'host-access') return ['dynamodb:GetItem'];
  return name === 'erasure' ? ['dynamodb:DeleteItem'] : ['dynamodb:PutItem'];
}
