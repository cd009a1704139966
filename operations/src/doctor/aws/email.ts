import { DescribeUserPoolCommand, type CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';
import type { Inventory } from './inventory.ts';

export interface EmailState {
  /** COGNITO_DEFAULT or DEVELOPER (SES). */
  sender: string;
  /** Why the last e-mails could not be sent, in Cognito's words. */
  failure: string | undefined;
}

export function emailCheck(cognito: CognitoIdentityProviderClient, inventory: Inventory): Check {
  return { title: 'E-mail of Cognito', look: async () => judgeEmail(await readEmail(cognito, inventory)) };
}

export function judgeEmail(state: EmailState | undefined): Finding {
  if (!state) return fail('there is no user pool', 'Deploy: npm run deploy');
  if (state.failure)
    return fail(
      `e-mail could not be sent: ${state.failure}`,
      'Check the identity in SES, and whether the account is still in the sandbox.',
    );
  if (state.sender === 'DEVELOPER') return ok('by SES');
  return warn(
    'sent by Cognito itself: 50 a day, then nobody can register',
    'Before people rely on this, set up SES (docs/deploy/README.md, step 6) and email in infra/src/environments.ts.',
  );
}

async function readEmail(
  cognito: CognitoIdentityProviderClient,
  inventory: Inventory,
): Promise<EmailState | undefined> {
  const [pool] = await inventory.resources('AWS::Cognito::UserPool');
  if (!pool) return undefined;
  const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId: pool.physicalId }));
  const { EmailSendingAccount: sender = 'COGNITO_DEFAULT' } = UserPool?.EmailConfiguration ?? {};
  return { sender, failure: UserPool?.EmailConfigurationFailure };
}
