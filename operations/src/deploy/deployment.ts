import { DescribeStacksCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { stackName, type StackPart } from '@top-active/infra/stack-name';
import { DeploymentError } from './deployment-error.ts';

/** What has been deployed, as far as a person or an upload needs to know. */
export interface Deployment {
  /** Where people open the app, without trailing slash. */
  address: string;
  webBucket: string;
  /** Where the secret of Google's client is to be put. */
  googleSecret: string;
}

/** @throws DeploymentError when there is no such deployment, or none that is whole */
export async function readDeployment(cloudFormation: CloudFormationClient, stage: 'dev' | 'prod'): Promise<Deployment> {
  async function output(part: StackPart, name: string): Promise<string> {
    const StackName = stackName({ stage }, part);
    const Stacks = await describe(StackName);
    const value = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    if (value) return value;
    throw new DeploymentError(
      `The stack ${StackName} has no output ${name}.`,
      `Deploy it: npm run deploy -- --stage ${stage}`,
    );
  }

  async function describe(StackName: string) {
    try {
      return (await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks ?? [];
    } catch (error) {
      if (error instanceof Error && /does not exist/.test(error.message)) return [];
      throw error;
    }
  }

  return {
    address: await output('web', 'Address'),
    webBucket: await output('web', 'WebBucket'),
    googleSecret: await output('data', 'GoogleClientSecretArn'),
  };
}
