import { createHmac } from 'node:crypto';
import {
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DeleteUserCommand,
  DescribeUserPoolClientCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCognitoFixture, tokensOf, type CognitoFixture } from './emulator-fixture.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:scopes';
const configured = {
  pool: { LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0' as const, LambdaArn: functionArn } } },
  client: { GenerateSecret: true },
};
const triggered: unknown[] = [];
const trigger = {
  answer: (): unknown => suppressing(['aws.cognito.signin.user.admin']),
};
let cognito: CognitoFixture;
let ClientId: string;
let ClientSecret: string;
let UserPoolId: string;

beforeAll(async () => {
  cognito = await startCognitoFixture({
    ...configured,
    async invokeTrigger(arn, event) {
      triggered.push([arn, event]);
      return trigger.answer();
    },
  });
  ({ clientId: ClientId, userPoolId: UserPoolId } = cognito.ids);
  const described = await cognito.client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
  ClientSecret = described.UserPoolClient?.ClientSecret ?? '';
});
afterAll(() => cognito.close());

function suppressing(scopesToSuppress: string[]): object {
  return { response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { scopesToSuppress } } } };
}

const hash = (username: string) =>
  createHmac('sha256', ClientSecret)
    .update(username + ClientId)
    .digest('base64');

/** A user who has registered with the secret, and their tokens. */
async function newUser() {
  const email = cognito.newEmail();
  const shared = { ClientId, Username: email, SecretHash: hash(email) };
  await cognito.client.send(new SignUpCommand({ ...shared, Password: cognito.password }));
  await cognito.client.send(new ConfirmSignUpCommand({ ...shared, ConfirmationCode: cognito.codeFor(email) }));
  return { email, ...tokensOf((await logIn(email, hash(email))).AuthenticationResult) };
}

function logIn(email: string, SECRET_HASH: string | undefined) {
  const AuthParameters = { USERNAME: email, PASSWORD: cognito.password, ...(SECRET_HASH && { SECRET_HASH }) };
  return cognito.client.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }));
}

describe('a client with a secret', () => {
  it('keeps it when it is brought up to date', () => {
    const again = cognito.emulator.ensurePool({ name: 'people', clientName: 'web', ...configured });
    expect(again.clientId).toBe(ClientId);
    expect(ClientSecret).toMatch(/^[a-z0-9]{52}$/);
  });

  it.each([
    ['SignUp', (Username: string) => new SignUpCommand({ ClientId, Username, Password: 'correct horse 1' })],
    [
      'ConfirmSignUp',
      (Username: string) => new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: '123456' }),
    ],
    ['ResendConfirmationCode', (Username: string) => new ResendConfirmationCodeCommand({ ClientId, Username })],
    ['ForgotPassword', (Username: string) => new ForgotPasswordCommand({ ClientId, Username })],
    [
      'ConfirmForgotPassword',
      (Username: string) =>
        new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode: '123456', Password: 'a new horse 2' }),
    ],
    [
      'InitiateAuth',
      (USERNAME: string) =>
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME, PASSWORD: 'correct horse 1' },
        }),
    ],
  ])('takes no %s without it', async (_, command) => {
    const sent = cognito.mails.length;
    // Each command has a type of its own, and the client an overload for each.
    const refused = cognito.client.send(command('who@example.com') as SignUpCommand);
    await expect(refused).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
    });
    expect(cognito.mails).toHaveLength(sent);
  });

  it('takes the hash of the very username that was sent, and of no other', async () => {
    const { email } = await newUser();
    const wrong = { name: 'NotAuthorizedException', message: `Unable to verify secret hash for client ${ClientId}` };
    await expect(logIn(email, hash(email.toUpperCase()))).rejects.toMatchObject(wrong);
    await expect(logIn(email, hash('who@example.com'))).rejects.toMatchObject(wrong);
    await logIn(email, hash(email));
  });

  it('sends the secret itself to go on with a session and to end it', async () => {
    const { refreshToken: RefreshToken } = await newUser();
    const refresh = (secret?: string) =>
      cognito.client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken, ClientSecret: secret }));
    const revoke = (secret?: string) =>
      cognito.client.send(new RevokeTokenCommand({ ClientId, Token: RefreshToken, ClientSecret: secret }));
    for (const secret of [undefined, 'wrong']) {
      await expect(refresh(secret)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
      await expect(revoke(secret)).rejects.toMatchObject({ name: 'UnauthorizedException' });
    }
    await refresh(ClientSecret);
    await revoke(ClientSecret);
    await expect(refresh(ClientSecret)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
  });
});

describe('the pre token generation trigger', () => {
  it('is asked at each login and refresh, with what Cognito tells it', async () => {
    const { email, refreshToken: RefreshToken } = await newUser();
    triggered.length = 0;
    await logIn(email, hash(email));
    await cognito.client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken, ClientSecret }));
    const event = (triggerSource: string) => [
      functionArn,
      expect.objectContaining({
        version: '2',
        triggerSource,
        userPoolId: UserPoolId,
        callerContext: expect.objectContaining({ clientId: ClientId }),
        request: expect.objectContaining({
          userAttributes: expect.objectContaining({ email }),
          scopes: ['aws.cognito.signin.user.admin'],
        }),
      }),
    ];
    expect(triggered).toEqual([event('TokenGeneration_Authentication'), event('TokenGeneration_RefreshTokens')]);
  });

  it('takes scopes away: a token without them is none for the pool', async () => {
    const { accessToken: AccessToken } = await newUser();
    expect(decodeJwt(AccessToken)).not.toHaveProperty('scope');
    const missing = { name: 'NotAuthorizedException', message: 'Access Token does not have required scopes' };
    await expect(cognito.client.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject(missing);
    await expect(cognito.client.send(new DeleteUserCommand({ AccessToken }))).rejects.toMatchObject(missing);
    await expect(cognito.client.send(new GlobalSignOutCommand({ AccessToken }))).rejects.toMatchObject(missing);
    const change = { PreviousPassword: cognito.password, ProposedPassword: 'a new horse 2' };
    const changed = cognito.client.send(new ChangePasswordCommand({ AccessToken, ...change }));
    await expect(changed).rejects.toMatchObject(missing);
  });

  it('adds scopes, and leaves them where it says nothing', async () => {
    const { email } = await newUser();
    const scopeAfter = async (answer: unknown) => {
      trigger.answer = () => answer;
      const { accessToken } = tokensOf((await logIn(email, hash(email))).AuthenticationResult);
      return decodeJwt(accessToken)['scope'];
    };
    expect(await scopeAfter({ response: {} })).toBe('aws.cognito.signin.user.admin');
    const both = { scopesToAdd: ['chats/read'], scopesToSuppress: ['aws.cognito.signin.user.admin'] };
    const answer = { response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: both } } };
    expect(await scopeAfter(answer)).toBe('chats/read');
  });

  it('lets nobody in while it fails, after three tries, or answers nonsense', async () => {
    const { email } = await newUser();
    trigger.answer = () => {
      throw new Error('out of order');
    };
    triggered.length = 0;
    await expect(logIn(email, hash(email))).rejects.toMatchObject({ name: 'UnexpectedLambdaException' });
    expect(triggered).toHaveLength(3);
    trigger.answer = () => 'nonsense';
    await expect(logIn(email, hash(email))).rejects.toMatchObject({ name: 'InvalidLambdaResponseException' });
  });
});
