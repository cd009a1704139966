import type { Environment } from '@top-active/infra/config';
import type { Deployment } from './deployment.ts';

/** What no deployment can do, one text per step. */
export function leftToDo(environment: Environment, { address, googleSecret }: Deployment): string[] {
  const { region, alarmEmail, email } = environment;
  return [
    `Google's client secret, once (it is asked for, and stands in no history):
       read -rs SECRET && aws secretsmanager put-secret-value --region ${region} \\
         --secret-id ${googleSecret} --secret-string "$SECRET"; unset SECRET`,
    `In the Google Cloud console, add the authorized redirect URI ${address}/api/google/callback to the client`,
    email
      ? `In SES in ${region}, verify the domain ${email.verifiedDomain} and request production access (leave the sandbox)`
      : 'E-mail: Cognito itself sends 50 a day, then nobody can register. Before people rely on this, set up SES (docs/deploy/README.md, step 6) and the setting email',
    `Confirm the subscription in the e-mail that AWS sent to ${alarmEmail}: until then alarms reach nobody`,
  ];
}
