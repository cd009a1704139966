import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminUserGlobalSignOutCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  DeleteUserCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCognitoFixture, tokensOf, type CognitoFixture } from './emulator-fixture.ts';

const secondMs = 1000;
const dayMs = 86_400_000;
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

describe('login', () => {
  it('gives tokens with the claims of Cognito', async () => {
    const { email, sub } = await cognito.newUser();
    const tokens = await cognito.logIn(email);
    expect(tokens.expiresIn).toBe(600);
    const now = cognito.state.time / 1000;
    const uuid: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const access = decodeJwt(tokens.accessToken);
    expect(access).toEqual({
      sub,
      iss: `${cognito.emulator.endpoint}/${UserPoolId}`,
      client_id: ClientId,
      origin_jti: uuid,
      event_id: uuid,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: now,
      exp: now + 600,
      iat: now,
      jti: uuid,
      username: sub,
    });
    const { scope: _scope, client_id: _client, username: _username, jti: _jti, ...shared } = access;
    expect(decodeJwt(tokens.idToken)).toEqual({
      ...shared,
      jti: uuid,
      token_use: 'id',
      aud: ClientId,
      email,
      email_verified: true,
      'cognito:username': sub,
    });
  });

  it('takes the e-mail in any case, or the sub', async () => {
    const { email, sub } = await cognito.newUser();
    for (const username of [email.toUpperCase(), sub]) {
      expect(decodeJwt((await cognito.logIn(username)).accessToken).sub).toBe(sub);
    }
  });

  it('says the same of a wrong password and of somebody unknown, and takes as long', async () => {
    const { email } = await cognito.newUser();
    const time = async (username: string) => {
      const begin = performance.now();
      await expect(cognito.logIn(username, 'wrong password 1')).rejects.toMatchObject(wrongPassword);
      return performance.now() - begin;
    };
    const known = Math.min(await time(email), await time(email), await time(email));
    const unknown = Math.min(
      await time('who@example.com'),
      await time('who@example.com'),
      await time('who@example.com'),
    );
    expect(unknown).toBeGreaterThan(known / 3);
    expect(unknown).toBeLessThan(known * 3);
  });

  it('says that the e-mail is unconfirmed only to who knows the password', async () => {
    const email = cognito.newEmail();
    await cognito.signUp(email);
    await expect(cognito.logIn(email, 'wrong password 1')).rejects.toMatchObject(wrongPassword);
    await expect(cognito.logIn(email)).rejects.toMatchObject({ name: 'UserNotConfirmedException' });
  });

  it('locks for a second after five wrong passwords, then for longer', async () => {
    const { email } = await cognito.newUser();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await expect(cognito.logIn(email, 'wrong password 1')).rejects.toMatchObject(wrongPassword);
    }
    const locked = { name: 'NotAuthorizedException', message: 'Password attempts exceeded' };
    await expect(cognito.logIn(email)).rejects.toMatchObject(locked);
    cognito.state.time += secondMs;
    await expect(cognito.logIn(email, 'wrong password 1')).rejects.toMatchObject(wrongPassword);
    cognito.state.time += secondMs;
    await expect(cognito.logIn(email)).rejects.toMatchObject(locked);
    cognito.state.time += secondMs;
    await cognito.logIn(email);
  });

  it('counts wrong passwords anew after a right one', async () => {
    const { email } = await cognito.newUser();
    for (let round = 1; round <= 2; round += 1) {
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        await expect(cognito.logIn(email, 'wrong password 1')).rejects.toMatchObject(wrongPassword);
      }
      await cognito.logIn(email);
    }
  });

  it('fails on demand', async () => {
    const { email } = await cognito.newUser();
    cognito.emulator.failNext({ operation: 'InitiateAuth', code: 'TooManyRequestsException', times: 2 });
    await expect(cognito.logIn(email)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await expect(cognito.logIn(email)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await cognito.logIn(email);
  });
});

describe('refresh', () => {
  it('rotates the token, and keeps the sign-in and its end', async () => {
    const user = await cognito.newUser();
    const before = decodeJwt(user.accessToken);
    cognito.state.time += 20 * dayMs;
    const second = await refresh(user.refreshToken);
    expect(second.refreshToken).not.toBe(user.refreshToken);
    const after = decodeJwt(second.accessToken);
    expect(after).toMatchObject({ origin_jti: before['origin_jti'], auth_time: before['auth_time'], sub: user.sub });
    expect(after.exp).toBe(cognito.state.time / 1000 + 600);
    cognito.state.time += 10 * dayMs;
    await expect(refresh(second.refreshToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('takes a rotated token again during the grace of 30 s, and never after it', async () => {
    const user = await cognito.newUser();
    const second = await refresh(user.refreshToken);
    cognito.state.time += 29 * secondMs;
    const retried = await refresh(user.refreshToken);
    expect(retried.refreshToken).not.toBe(second.refreshToken);
    cognito.state.time += secondMs;
    await expect(refresh(user.refreshToken)).rejects.toMatchObject({ name: 'RefreshTokenReuseException' });
    await refresh(second.refreshToken);
  });

  it('is not to be had by REFRESH_TOKEN_AUTH where tokens are rotated', async () => {
    const user = await cognito.newUser();
    const AuthParameters = { REFRESH_TOKEN: user.refreshToken };
    const refused = cognito.client.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }),
    );
    await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('refuses what is no refresh token, or is one of another client', async () => {
    const user = await cognito.newUser();
    const invalid = { name: 'NotAuthorizedException', message: 'Invalid Refresh Token' };
    await expect(refresh('nonsense')).rejects.toMatchObject(invalid);
    await expect(refresh(user.accessToken)).rejects.toMatchObject(invalid);
    const { clientId } = cognito.emulator.ensurePool({ name: 'people', clientName: 'another' });
    const foreign = cognito.client.send(
      new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken: user.refreshToken }),
    );
    await expect(foreign).rejects.toMatchObject(invalid);
  });

  it('gives no new refresh token where they are not rotated', async () => {
    const { clientId } = cognito.emulator.ensurePool({
      name: 'people',
      clientName: 'constant',
      client: {
        RefreshTokenRotation: { Feature: 'DISABLED' },
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      },
    });
    const { email } = await cognito.newUser();
    const AuthParameters = { USERNAME: email, PASSWORD: cognito.password };
    const login = await cognito.client.send(
      new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
    );
    const { refreshToken } = tokensOf(login.AuthenticationResult);
    for (let time = 1; time <= 2; time += 1) {
      const { AuthenticationResult } = await cognito.client.send(
        new InitiateAuthCommand({
          ClientId: clientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: refreshToken },
        }),
      );
      expect(AuthenticationResult?.RefreshToken).toBeUndefined();
      expect(AuthenticationResult?.AccessToken).toBeDefined();
    }
  });
});

describe('ending sign-ins', () => {
  it('revokes all tokens of one sign-in, by any of its refresh tokens, and no other sign-in', async () => {
    const user = await cognito.newUser();
    const elsewhere = await cognito.logIn(user.email);
    const second = await refresh(user.refreshToken);
    await cognito.client.send(new RevokeTokenCommand({ ClientId, Token: user.refreshToken }));
    const revoked = { name: 'NotAuthorizedException', message: expect.stringContaining('has been revoked') };
    await expect(refresh(second.refreshToken)).rejects.toMatchObject(revoked);
    await expect(getUser(user.accessToken)).rejects.toMatchObject(revoked);
    await expect(getUser(second.accessToken)).rejects.toMatchObject(revoked);
    await getUser(elsewhere.accessToken);
    await refresh(elsewhere.refreshToken);
  });

  it('revokes refresh tokens only, of the client that asks; unknown ones are fine', async () => {
    const user = await cognito.newUser();
    const access = cognito.client.send(new RevokeTokenCommand({ ClientId, Token: user.accessToken }));
    await expect(access).rejects.toMatchObject({ name: 'UnsupportedTokenTypeException' });
    const { clientId } = cognito.emulator.ensurePool({ name: 'people', clientName: 'another' });
    const foreign = cognito.client.send(new RevokeTokenCommand({ ClientId: clientId, Token: user.refreshToken }));
    await expect(foreign).rejects.toMatchObject({ name: 'UnauthorizedException' });
    await cognito.client.send(new RevokeTokenCommand({ ClientId, Token: 'unknown' }));
    await getUser(user.accessToken);
  });

  it.each([
    ['by themselves', (user: { accessToken: string }) => new GlobalSignOutCommand({ AccessToken: user.accessToken })],
    [
      'by an administrator',
      (user: { sub: string }) => new AdminUserGlobalSignOutCommand({ UserPoolId, Username: user.sub }),
    ],
  ])('signs a user out everywhere, %s', async (_who, command) => {
    const user = await cognito.newUser();
    const elsewhere = await cognito.logIn(user.email);
    const signOut = command(user);
    await (signOut instanceof GlobalSignOutCommand ? cognito.client.send(signOut) : cognito.client.send(signOut));
    for (const tokens of [user, elsewhere]) {
      await expect(getUser(tokens.accessToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
      await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    }
    await cognito.logIn(user.email);
  });

  it('ends an access token after ten minutes', async () => {
    const user = await cognito.newUser();
    cognito.state.time += 599 * secondMs;
    await getUser(user.accessToken);
    cognito.state.time += secondMs;
    await expect(getUser(user.accessToken)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Access Token has expired',
    });
  });
});

describe('passwords', () => {
  it('changes a password for who knows it', async () => {
    const { email, accessToken: AccessToken } = await cognito.newUser();
    const change = (PreviousPassword: string, ProposedPassword: string) =>
      cognito.client.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }));
    await expect(change('wrong password 1', 'another horse 2')).rejects.toMatchObject(wrongPassword);
    await expect(change(cognito.password, 'weak')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await change(cognito.password, 'another horse 2');
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

  it('limits wrong codes, and ends them after an hour', async () => {
    const { email } = await cognito.newUser();
    await cognito.client.send(new ForgotPasswordCommand({ ClientId, Username: email }));
    const code = cognito.codeFor(email);
    const reset = (ConfirmationCode: string) =>
      cognito.client.send(
        new ConfirmForgotPasswordCommand({ ClientId, Username: email, ConfirmationCode, Password: 'another horse 2' }),
      );
    for (let attempt = 1; attempt <= 5; attempt += 1) {
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
