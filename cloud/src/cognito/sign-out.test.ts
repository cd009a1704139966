import {
  AdminUserGlobalSignOutCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  RevokeTokenCommand,
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

async function refresh(RefreshToken: string) {
  const answer = await cognito.client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }));
  return tokensOf(answer.AuthenticationResult);
}

function getUser(AccessToken: string) {
  return cognito.client.send(new GetUserCommand({ AccessToken }));
}

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
