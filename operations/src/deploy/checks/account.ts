import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Finding } from './check.ts';

/**
 * Whether the credentials of this shell are taken, in the region of the deployment.
 * @param expected the only account that is meant, if one is
 */
export async function lookAtAccount(
  sts: STSClient,
  { region, expected }: { region: string; expected?: string | undefined },
): Promise<Finding> {
  try {
    const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    if (expected && Account !== expected)
      return {
        problem: `the credentials are of account ${Account}, not ${expected}`,
        remedy: 'Choose another profile (--profile or AWS_PROFILE), or leave --account out.',
      };
    return { seen: `${Account}, as ${Arn.replace(/^.*:/, '')}` };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return explain({ name, message, region });
  }
}

function explain({ name, message, region }: { name: string; message: string; region: string }): Finding {
  if (name === 'CredentialsProviderError')
    return {
      problem: 'there are no AWS credentials in this shell',
      remedy: 'Log in (aws sso login) and set AWS_PROFILE, or pass --profile.',
    };
  if (/Expired/.test(name))
    return { problem: 'the AWS credentials have expired', remedy: 'Log in again: aws sso login.' };
  if (/InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch/.test(name))
    return {
      problem: `AWS refuses the credentials in ${region} (${name})`,
      remedy: `Log in again, or enable the region ${region} for the account (Account → AWS Regions).`,
    };
  if (/Timeout|ENOTFOUND|ECONN|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH/.test(`${name} ${message}`))
    return {
      problem: `AWS does not answer in ${region}`,
      remedy: 'Check the network, any proxy, and the region in infra/src/environments.ts.',
    };
  return { problem: `${name}: ${message}`, remedy: 'Run aws sts get-caller-identity and read its message.' };
}
