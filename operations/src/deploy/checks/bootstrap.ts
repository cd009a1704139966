import { DescribeStacksCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Finding } from './check.ts';

/** Since this version the CDK can put files and images where a deployment takes them from. */
const oldest = 6;

/** Whether the CDK has a place for files, images and roles in a region. Only a look: it is made by hand, once. */
export async function lookAtBootstrap(cloudFormation: CloudFormationClient, region: string): Promise<Finding> {
  // From the repository's root, where no app is: its settings need not be complete yet.
  const command = `npx cdk bootstrap aws://ACCOUNT/${region}`;
  let version: string | undefined;
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }));
    version = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion')?.OutputValue;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/does not exist/.test(error.message))
      return {
        problem: `${region} is not bootstrapped for the CDK`,
        remedy: `Run once, with your account number: ${command}`,
      };
    return {
      problem: `CloudFormation refused to say whether it is bootstrapped (${error.name}: ${error.message})`,
      remedy: 'Use credentials that may deploy. AdministratorAccess is enough.',
    };
  }
  if (version !== undefined && Number(version) >= oldest) return { seen: `version ${version} in ${region}` };
  return {
    problem: `the CDK's bootstrap in ${region} is ${version === undefined ? 'incomplete' : `of version ${version}`}`,
    remedy: `Run it again: ${command}`,
  };
}
