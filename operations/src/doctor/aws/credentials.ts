import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { fail, ok, type Check, type Finding } from '../finding.ts';

/** Whose account answers, or why none does. */
export type Account = { id: string; arn: string } | { error: { name: string; message: string } };

export async function accountOf(sts: STSClient): Promise<Account> {
  try {
    const { Account: id = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    return { id, arn };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message } };
  }
}

export function credentialsCheck({ account, region }: { account: Account; region: string }): Check {
  return { title: 'Credentials', look: () => Promise.resolve(judgeCredentials(account, region)) };
}

export function judgeCredentials(account: Account, region: string): Finding {
  if (!('error' in account)) return ok(`account ${account.id}, ${region}, as ${account.arn.replace(/^.*:/, '')}`);
  const { name, message } = account.error;
  if (name === 'CredentialsProviderError')
    return fail(
      'there are no AWS credentials in this shell',
      'Log in (aws sso login) and set AWS_PROFILE, or pass --profile; docs/deploy says which rights they need.',
    );
  if (/Expired|InvalidClientTokenId|SignatureDoesNotMatch/.test(name))
    return fail(`AWS refuses the credentials (${name})`, 'Log in again: aws sso login.');
  if (/TimeoutError|ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ENETUNREACH/.test(`${name} ${message}`))
    return fail('AWS does not answer', 'Check the network, any proxy, and the region in infra/src/environments.ts.');
  return fail(`${name}: ${message.slice(0, 200)}`, 'Check the credentials with: aws sts get-caller-identity');
}
