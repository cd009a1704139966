import { GetTokensFromRefreshTokenCommand, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCognitoFixture, tokensOf, type CognitoFixture } from './emulator-fixture.ts';

const secondMs = 1000;
const minuteMs = 60_000;
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

  it('says that the e-mail is unconfirmed, whatever the password', async () => {
    const email = cognito.newEmail();
    await cognito.signUp(email);
    for (const password of ['wrong password 1', cognito.password])
      await expect(cognito.logIn(email, password)).rejects.toMatchObject({ name: 'UserNotConfirmedException' });
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

  it('forgets wrong passwords 15 minutes after the last of them', async () => {
    const { email } = await cognito.newUser();
    const guess = () => expect(cognito.logIn(email, 'wrong password 1')).rejects.toMatchObject(wrongPassword);
    for (let attempt = 1; attempt <= 4; attempt += 1) await guess();
    cognito.state.time += 14 * minuteMs;
    await guess();
    const locked = { message: 'Password attempts exceeded' };
    await expect(cognito.logIn(email)).rejects.toMatchObject(locked);
    cognito.state.time += 15 * minuteMs;
    for (let attempt = 1; attempt <= 4; attempt += 1) await guess();
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
