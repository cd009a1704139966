import type { Environment } from '@top-active/infra/config';
import type { Deployment } from './deployment.ts';

/** What no deployment can do, one text per step. */
export function leftToDo(environment: Environment, { address, googleSecret }: Deployment): string[] {
  const { region, alarmEmail, email } = environment;
  return [
    `Google's client secret, once (it is asked for, and stands in no history):
       read -rs SECRET && aws secretsmanager put-secret-value --region ${region} \\
         --secret-id ${googleSecret} --secret-string "$SECRET"; unset SECRET`,
    `In the Google Cloud console, the client's authorized redirect URI: ${address}/api/google/callback`,
    email
      ? `SES in ${region}: the domain ${email.verifiedDomain} verified, and the account out of the sandbox`
      : 'E-mail: Cognito sends 50 a day by itself; for more, SES (docs/deploy/README.md, step 6) and the setting email',
    `The e-mail to ${alarmEmail} that asks to confirm a subscription: without it alarms reach nobody`,
  ];
}
