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
        'A second factor is offered, not demanded: people would lock themselves out of their own business.',
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
