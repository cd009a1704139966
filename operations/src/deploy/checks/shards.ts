import { GetTemplateCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { stackName } from '@top-active/infra/stack-name';
import type { Finding } from './check.ts';

/**
 * Whether there are to be as many shards as were deployed at first: users are placed by them. What no stack tells is
 * left to the hosts, which begin with no other number.
 */
export async function lookAtShards(
  cloudFormation: CloudFormationClient,
  { stage, shards }: { stage: 'dev' | 'prod'; shards: number },
): Promise<Finding> {
  const deployed = await readDeployedShards(cloudFormation, stackName({ stage }, 'hosts'));
  if (deployed === undefined) return { seen: `${shards}; this number can't be changed after the first deployment` };
  if (deployed === shards) return { seen: String(shards) };
  return {
    problem: `shards is ${shards}, but ${deployed} are deployed`,
    remedy: `This number decides which shard a user is in. Set it back to ${deployed} in infra/src/environments.ts.`,
  };
}

async function readDeployedShards(cloudFormation: CloudFormationClient, name: string): Promise<number | undefined> {
  try {
    const { TemplateBody = '' } = await cloudFormation.send(new GetTemplateCommand({ StackName: name }));
    // JSON, or YAML where the CDK's tool has made it that.
    const value = /Name"?:\s*"?SHARDS"?,?\s*"?Value"?:\s*["']?(\d+)/.exec(TemplateBody)?.[1];
    return value === undefined ? undefined : Number(value);
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}
