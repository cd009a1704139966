import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  DeleteUserCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCognitoFixture, tokensOf, type CognitoFixture } from './emulator-fixture.ts';

const secondMs = 1000;
let cognito: CognitoFixture;
let ClientId: string;
let UserPoolId: string;

beforeAll(async () => {
  cognito = await startCognitoFixture();
  ({ clientId: ClientId, userPoolId: UserPoolId } = cognito.ids);
});
afterAll(() => cognito.close());

const wrongPassword = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };

async function refresh(RefreshToken: string) {
  const answer = await cognito.client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }));
  return tokensOf(answer.AuthenticationResult);
}

function getUser(AccessToken: string) {
  return cognito.client.send(new GetUserCommand({ AccessToken }));
}

describe('passwords', () => {
  it('changes a password for who knows it', async () => {
    const { email, accessToken: AccessToken } = await cognito.newUser();
    const change = (PreviousPassword: string, ProposedPassword: string) =>
      cognito.client.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }));
    await expect(change('wrong password 1', 'another horse 2')).rejects.toMatchObject(wrongPassword);
    await expect(change(cognito.password, 'weak')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await change(cognito.password, 'another horse 2');
    for (let more = 1; more <= 2; more += 1)
      await expect(change('wrong password 1', 'another horse 2')).rejects.toMatchObject(wrongPassword);
    const limited = change('another horse 2', 'a third horse 3');
    await expect(limited).rejects.toMatchObject({ name: 'LimitExceededException' });
    await expect(cognito.logIn(email)).rejects.toMatchObject(wrongPassword);
    await cognito.logIn(email, 'another horse 2');
  });

  it('sets a new password by a mailed code, once', async () => {
    const { email } = await cognito.newUser();
    await cognito.client.send(new ForgotPasswordCommand({ ClientId, Username: email }));
    const mail = cognito.mails.at(-1);
    expect(mail).toMatchObject({ to: email, kind: 'forgot-password' });
    expect(mail?.text).toContain(`Seu código para trocar a senha é ${mail?.code}`);
    const reset = () =>
      cognito.client.send(
        new ConfirmForgotPasswordCommand({
          ClientId,
          Username: email,
          ConfirmationCode: mail?.code,
          Password: 'another horse 2',
        }),
      );
    await reset();
    await cognito.logIn(email, 'another horse 2');
    await expect(reset()).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('limits asking for codes and entering them together, and ends a code after an hour', async () => {
    const { email } = await cognito.newUser();
    await cognito.client.send(new ForgotPasswordCommand({ ClientId, Username: email }));
    const code = cognito.codeFor(email);
    const reset = (ConfirmationCode: string) =>
      cognito.client.send(
        new ConfirmForgotPasswordCommand({ ClientId, Username: email, ConfirmationCode, Password: 'another horse 2' }),
      );
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const wrong = code === '000000' ? '000001' : '000000';
      await expect(reset(wrong)).rejects.toMatchObject({ name: 'CodeMismatchException' });
    }
    await expect(reset(code)).rejects.toMatchObject({ name: 'LimitExceededException' });
    cognito.state.time += 3600 * secondMs;
    await expect(reset(code)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('tells nobody who exists', async () => {
    const unconfirmed = cognito.newEmail();
    await cognito.signUp(unconfirmed);
    const sent = cognito.mails.length;
    for (const Username of [unconfirmed, 'nobody@example.com']) {
      const answer = await cognito.client.send(new ForgotPasswordCommand({ ClientId, Username }));
      expect(answer.CodeDeliveryDetails?.DeliveryMedium).toBe('EMAIL');
    }
    expect(cognito.mails).toHaveLength(sent);
    const reset = cognito.client.send(
      new ConfirmForgotPasswordCommand({
        ClientId,
        Username: 'nobody@example.com',
        ConfirmationCode: '123456',
        Password: 'another horse 2',
      }),
    );
    await expect(reset).rejects.toMatchObject({ name: 'CodeMismatchException' });
  });
});

describe('users', () => {
  it('tells users and administrators the attributes', async () => {
    const { email, sub, accessToken } = await cognito.newUser();
    const expected = expect.arrayContaining([
      { Name: 'sub', Value: sub },
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ]);
    expect(await getUser(accessToken)).toMatchObject({ Username: sub, UserAttributes: expected });
    expect(await cognito.client.send(new AdminGetUserCommand({ UserPoolId, Username: email }))).toMatchObject({
      Username: sub,
      UserAttributes: expected,
      UserStatus: 'CONFIRMED',
      Enabled: true,
      UserCreateDate: new Date(cognito.state.time),
    });
  });

  it('deletes a user with all tokens', async () => {
    const user = await cognito.newUser();
    await cognito.client.send(new DeleteUserCommand({ AccessToken: user.accessToken }));
    await expect(getUser(user.accessToken)).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await expect(refresh(user.refreshToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(cognito.logIn(user.email)).rejects.toMatchObject(wrongPassword);
    const again = cognito.client.send(new AdminDeleteUserCommand({ UserPoolId, Username: user.email }));
    await expect(again).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('asks whether administrators may, and not for what IAM does not govern', async () => {
    const { email } = await cognito.newUser();
    cognito.asked.length = 0;
    await cognito.logIn(email);
    expect(cognito.asked).toEqual([]);
    cognito.state.refused = true;
    const deleted = cognito.client.send(new AdminDeleteUserCommand({ UserPoolId, Username: email }));
    await expect(deleted).rejects.toMatchObject({ name: 'AccessDeniedException' });
    cognito.state.refused = false;
    expect(cognito.asked).toEqual([
      {
        service: 'cognito-idp',
        action: 'cognito-idp:AdminDeleteUser',
        resource: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${UserPoolId}`,
        context: {},
        credentials: { accessKeyId: 'AKIATEST' },
      },
    ]);
    await cognito.logIn(email);
  });
});
