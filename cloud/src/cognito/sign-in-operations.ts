import { z } from 'zod';
import type { DefineOperation, Operation } from '../wire/operation.ts';
import { attempted } from './attempt-store.ts';
import { checkSecret, checkSecretHash, checkSecretOfRevocation } from './client-secret.ts';
import { cognitoError, incorrectUsernameOrPassword, invalidParameter, notAuthorized, userNotFound } from './errors.ts';
import { clientId, clientSecret, password, secretHash, session, token, username } from './input.ts';
import { newOpaqueToken } from './opaque-token.ts';
import { passwordMatches } from './passwords.ts';
import type { Client } from './pool-store.ts';
import type { Services } from './services.ts';

const parameters = z.object({
  USERNAME: username.optional(),
  PASSWORD: password.optional(),
  REFRESH_TOKEN: token.optional(),
  SECRET_HASH: secretHash,
});

type Parameters = z.output<typeof parameters>;

/** Getting tokens, keeping them fresh, and ending them. */
export function signInOperations(define: DefineOperation, services: Services): Record<string, Operation> {
  const { pools, users, attempts, flows, signIns } = services;

  async function signInWithPassword(client: Client, { USERNAME, PASSWORD, SECRET_HASH }: Parameters): Promise<object> {
    if (USERNAME === undefined) throw invalidParameter('Missing required parameter USERNAME');
    if (PASSWORD === undefined) throw invalidParameter('Missing required parameter PASSWORD');
    checkSecretHash(client, USERNAME, SECRET_HASH);
    const known = users.find(client.poolId, USERNAME);
    const who = attempted(client.poolId, known?.sub ?? USERNAME);
    attempts.checkPasswordLock(who);
    const matches = await passwordMatches(PASSWORD, known?.passwordHash);
    if (!known && client.config.PreventUserExistenceErrors === 'LEGACY') throw userNotFound();
    // Read again: the user may have been deleted while the password was being checked.
    const user = known && users.find(client.poolId, known.username);
    // Whatever the password: maintainers of Amplify call it expected.
    if (user?.status === 'UNCONFIRMED') throw cognitoError('UserNotConfirmedException', 'User is not confirmed.');
    if (!user || !matches || user.passwordHash !== known.passwordHash) {
      attempts.count(who, 'password');
      throw incorrectUsernameOrPassword();
    }
    attempts.clear(who, 'password');
    if (user.totpEnabled) {
      return {
        ChallengeName: 'SOFTWARE_TOKEN_MFA',
        Session: flows.start(user, client, 'software-token-mfa'),
        ChallengeParameters: { USER_ID_FOR_SRP: user.username },
      };
    }
    return services.signIn(user, client);
  }

  /** The first sign-in, with what ConfirmSignUp answered. */
  function signInAfterSignUp(
    client: Client,
    { USERNAME, SECRET_HASH }: Parameters,
    session: string | undefined,
  ): object | Promise<object> {
    if (USERNAME === undefined) throw invalidParameter('Missing required parameter USERNAME');
    checkSecretHash(client, USERNAME, SECRET_HASH);
    const user = users.find(client.poolId, USERNAME);
    // Without a session that is good, a pool that knows nothing but passwords offers them.
    if (session === undefined || !user || !flows.isGood({ session, step: 'first-sign-in', user, client }))
      return {
        ChallengeName: 'SELECT_CHALLENGE',
        AvailableChallenges: ['PASSWORD', 'PASSWORD_SRP'],
        ChallengeParameters: {},
        Session: newOpaqueToken().token,
      };
    flows.useUp(session);
    return services.signIn(user, client);
  }

  async function refresh(client: Client, refreshToken: string): Promise<object> {
    const { signIn, replacement } = signIns.refresh(refreshToken, client);
    const user = users.findBySub(client.poolId, signIn.sub);
    if (!user) throw notAuthorized('Invalid Refresh Token');
    return {
      AuthenticationResult: await services.issueTokens({
        user,
        client,
        signIn,
        refreshToken: replacement,
        source: 'TokenGeneration_RefreshTokens',
      }),
    };
  }

  return {
    InitiateAuth: define({
      input: z.object({
        ClientId: clientId,
        AuthFlow: z.enum(['USER_PASSWORD_AUTH', 'USER_AUTH', 'REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN']),
        AuthParameters: parameters.default({}),
        Session: session.optional(),
      }),
      access: 'public',
      async run({ ClientId, AuthFlow, AuthParameters, Session }) {
        const client = pools.client(ClientId);
        const flow = AuthFlow === 'REFRESH_TOKEN' ? 'REFRESH_TOKEN_AUTH' : AuthFlow;
        const rotates = client.config.RefreshTokenRotation.Feature === 'ENABLED';
        const allowed = client.config.ExplicitAuthFlows.includes(`ALLOW_${flow}`);
        if (!allowed || (flow === 'REFRESH_TOKEN_AUTH' && rotates)) {
          throw invalidParameter(`${flow} flow not enabled for this client`);
        }
        if (flow === 'USER_PASSWORD_AUTH') return signInWithPassword(client, AuthParameters);
        if (flow === 'USER_AUTH') return signInAfterSignUp(client, AuthParameters, Session);
        const { REFRESH_TOKEN } = AuthParameters;
        if (REFRESH_TOKEN === undefined) throw invalidParameter('Missing required parameter REFRESH_TOKEN');
        if (client.secret !== null)
          throw invalidParameter('REFRESH_TOKEN_AUTH is emulated for clients without a secret only.');
        return refresh(client, REFRESH_TOKEN);
      },
    }),

    GetTokensFromRefreshToken: define({
      input: z.object({ ClientId: clientId, ClientSecret: clientSecret, RefreshToken: token }),
      access: 'public',
      run({ ClientId, ClientSecret, RefreshToken }) {
        const client = pools.client(ClientId);
        checkSecret(client, ClientSecret);
        return refresh(client, RefreshToken);
      },
    }),

    RevokeToken: define({
      input: z.object({ ClientId: clientId, ClientSecret: clientSecret, Token: token }),
      access: 'public',
      run({ ClientId, ClientSecret, Token }) {
        const client = pools.client(ClientId);
        checkSecretOfRevocation(client, ClientSecret);
        if (!client.config.EnableTokenRevocation) {
          throw cognitoError('UnsupportedOperationException', 'Token revocation is not enabled for this client.');
        }
        if (Token.split('.').length === 3) {
          throw cognitoError('UnsupportedTokenTypeException', 'Only refresh tokens can be revoked.');
        }
        const signIn = signIns.findByRefreshToken(Token);
        // As RFC 7009 has it: who revokes a token that isn't there has what they want.
        if (!signIn) return {};
        if (signIn.clientId !== client.id) {
          throw cognitoError('UnauthorizedException', 'The token was issued to another client.');
        }
        signIns.revoke(signIn);
        return {};
      },
    }),
  };
}
