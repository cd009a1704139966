import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  UserPool,
  UserPoolEmail,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Environment } from '../config.ts';

/**
 * One text for both codes, of a registration and of a new password: the pool has no more, and no language of a user.
 */
const codeMail = {
  emailSubject: 'Seu código do Top Active WhatsApp · Your code',
  emailBody: [
    'Seu código é <b>{####}</b>. Digite-o na página em que você o pediu e não o passe a ninguém.',
    'Se você não pediu, ignore este e-mail: nada muda.',
    '',
    'Your code is <b>{####}</b>. Enter it on the page where you asked for it, and give it to nobody.',
    "If you didn't ask for it, ignore this e-mail: nothing changes.",
  ].join('<br>'),
};

/** Who people are: a Cognito user pool that only our own routes talk to. */
export class IdentityStack extends Stack {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, { environment, ...props }: StackProps & { environment: Environment }) {
    super(scope, id, props);
    this.userPool = new UserPool(this, 'Users', {
      signInAliases: { email: true },
      signInCaseSensitive: false,
      selfSignUpEnabled: true,
      autoVerify: { email: true },
      keepOriginal: { email: true },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: environment.threatProtection ? FeaturePlan.PLUS : FeaturePlan.ESSENTIALS,
      ...(environment.threatProtection && {
        standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      }),
      email: emailOf(environment),
      userVerification: codeMail,
      passwordPolicy: {
        minLength: 10,
        requireDigits: true,
        requireLowercase: false,
        requireUppercase: false,
        requireSymbols: false,
      },
      deletionProtection: environment.keepData,
      removalPolicy: environment.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(this.userPool, {
      'AwsSolutions-COG1':
        'Length instead of kinds of characters: NIST SP 800-63B advises against rules of composition.',
      'AwsSolutions-COG2':
        'A second factor (TOTP) is offered in the settings of the app, not demanded: people would lock themselves out of their own business.',
      'AwsSolutions-COG8': 'Plus is a setting (`threatProtection`): it has a price per active user.',
    });
    this.client = this.userPool.addClient('Web', {
      // USER_AUTH is what signs a person in right after confirming the e-mail, without asking for the password again.
      authFlows: { userPassword: true, user: true },
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(10),
      idTokenValidity: Duration.minutes(10),
      refreshTokenValidity: Duration.days(30),
      refreshTokenRotationGracePeriod: Duration.seconds(30),
      // Time to fetch the confirmation code from the mailbox and still be signed in by it.
      authSessionValidity: Duration.minutes(15),
      disableOAuth: true,
    });
  }
}

function emailOf({ email, region }: Environment): UserPoolEmail {
  if (!email) return UserPoolEmail.withCognito();
  return UserPoolEmail.withSES({
    fromEmail: email.from,
    fromName: email.senderName,
    sesVerifiedDomain: email.verifiedDomain,
    sesRegion: region,
  });
}
