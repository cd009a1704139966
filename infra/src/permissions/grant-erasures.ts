import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { FunctionName } from '@top-active/lambdas/functions';

/**
 * What a function may do in the table of erasures: `auth` begins them, `erasure` ends them, `user-pool-care` looks them
 * up. Nobody may take a tombstone
 * away: it is what a restore is cleaned up by.
 */
export function grantErasures(role: Role, { name, tableArn }: { name: FunctionName; tableArn: string }): void {
  const allow = (partitions: string[], ...actions: string[]) =>
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [tableArn],
        // ForAllValues is true where the key is absent: the Null guard closes that door.
        conditions: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': partitions },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      }),
    );
  if (name === 'auth') allow(['TOMBSTONE', 'OPEN'], 'GetItem', 'PutItem');
  if (name === 'user-pool-care') allow(['TOMBSTONE'], 'GetItem');
  if (name === 'erasure') {
    allow(['OPEN'], 'Query', 'UpdateItem', 'DeleteItem');
    allow(['TOMBSTONE'], 'UpdateItem');
  }
}
