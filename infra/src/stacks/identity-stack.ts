import { ArnFormat, CfnElement, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  UserPool,
  UserPoolEmail,
  type CfnUserPool,
  type UserPoolClient,
  type UserPoolClientOptions,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Environment } from '../config.ts';
import { tokenFunctionName } from '../stack-name.ts';

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
  /** Of the web app's logins. Only functions know its secret. */
  readonly client: UserPoolClient;
  /** Of logins that set up a second factor, whose tokens leave no function. */
  readonly presenceClient: UserPoolClient;

  constructor(scope: Construct, id: string, { environment, ...props }: StackProps & { environment: Environment }) {
    super(scope, id, props);
    this.userPool = new UserPool(this, 'Users', {
      // The username is an id that we choose: registrations of one address live side by side, until one is confirmed.
      signInAliases: { username: true, email: true },
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
    askBeforeTokens(this.userPool, tokenFunctionName(environment));
    this.client = this.userPool.addClient('Web', {
      ...clientOfFunctions,
      // USER_AUTH is what signs a person in right after confirming the e-mail, without asking for the password again.
      authFlows: { userPassword: true, user: true },
      accessTokenValidity: Duration.minutes(10),
      idTokenValidity: Duration.minutes(10),
      refreshTokenValidity: Duration.days(30),
      refreshTokenRotationGracePeriod: Duration.seconds(30),
      // Time to fetch the confirmation code from the mailbox and still be signed in by it.
      authSessionValidity: Duration.minutes(15),
    });
    this.presenceClient = this.userPool.addClient('Presence', {
      ...clientOfFunctions,
      authFlows: { userPassword: true },
      accessTokenValidity: Duration.minutes(5),
      idTokenValidity: Duration.minutes(5),
      refreshTokenValidity: Duration.hours(1),
      authSessionValidity: Duration.minutes(3),
    });
  }
}

/** A client with a secret, which only functions can read: nobody else talks to the pool about registering or logins. */
const clientOfFunctions = {
  generateSecret: true,
  preventUserExistenceErrors: true,
  enableTokenRevocation: true,
  disableOAuth: true,
} satisfies UserPoolClientOptions;

/**
 * By name, not by reference: the function has to know a client of the pool, so it is made after it. CDK's own way
 * would also give the permission here, to a function that isn't there yet.
 */
function askBeforeTokens(userPool: UserPool, functionName: string): void {
  const { defaultChild } = userPool.node;
  if (!CfnElement.isCfnElement(defaultChild)) throw new Error('CDK has made no user pool');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what UserPool makes
  const pool = defaultChild as CfnUserPool;
  const lambdaArn = Stack.of(userPool).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  pool.lambdaConfig = { preTokenGenerationConfig: { lambdaArn, lambdaVersion: 'V2_0' } };
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
