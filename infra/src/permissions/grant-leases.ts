import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';

/**
 * The table's keys that a host may write: its own heartbeat, and nobody else's. `aws:userid` is the role's id and the
 * task's.
 */
const ownHeartbeat = 'HOST#${aws:userid}';

/** Who counts shards without a host. */
export function grantReadLeases(role: Role, tableArn: string): void {
  allowReading(role, tableArn, 'dynamodb:BatchGetItem');
}

/** A session host sees all leases and hosts, and changes none: it only says that it lives, and what it has released. */
export function grantHeartbeat(role: Role, tableArn: string): void {
  allowReading(role, tableArn, 'dynamodb:Scan');
  allowWriting(role, { tableArn, actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'], key: ownHeartbeat });
}

/** Who gives out shards may not speak for the hosts' lives, on which it decides. */
export function grantShards(role: Role, tableArn: string): void {
  allowReading(role, tableArn, 'dynamodb:BatchGetItem');
  allowWriting(role, { tableArn, actions: ['dynamodb:UpdateItem'], key: 'SHARD#*' });
  allowWriting(role, { tableArn, actions: ['dynamodb:ConditionCheckItem'], key: 'HOST#*' });
}

function allowReading(role: Role, tableArn: string, action: string): void {
  role.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources: [tableArn] }));
}

/** Lets a role write one partition of a table, or those whose key begins so (`…*`). */
export function allowWriting(
  role: Role,
  { tableArn, actions, key }: { tableArn: string; actions: string[]; key: string },
): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions,
      resources: [tableArn],
      // ForAllValues is true where the key is absent: the Null guard closes that door.
      conditions: {
        [key.endsWith('*') ? 'ForAllValues:StringLike' : 'ForAllValues:StringEquals']: {
          'dynamodb:LeadingKeys': [key],
        },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  );
}
