import { z } from 'zod';
import type { DefineOperation, Operation } from '../wire/operation.ts';
import { attempted } from './attempt-store.ts';
import { cognitoError, incorrectUsernameOrPassword, invalidParameter, notAuthorized, userNotFound } from './errors.ts';
import { clientId, password, session, token, username } from './input.ts';
import { passwordMatches } from './passwords.ts';
import type { Client } from './pool-store.ts';
import type { Services } from './services.ts';
import type { User } from './user-store.ts';

const parameters = z.object({
  USERNAME: username.optional(),
  PASSWORD: password.optional(),
  REFRESH_TOKEN: token.optional(),
});

type Parameters = z.output<typeof parameters>;

/** Getting tokens, keeping them fresh, and ending them. */
export function signInOperations(define: DefineOperation, services: Services): Record<string, Operation> {
  const { pools, users, attempts, flows, signIns } = services;

  async function signIn(user: User, client: Client): Promise<object> {
    const { signIn, refreshToken } = signIns.start(user, client);
    return {
      ChallengeParameters: {},
      AuthenticationResult: await services.issueTokens(user, client, signIn, refreshToken),
    };
  }

  async function signInWithPassword(client: Client, { USERNAME, PASSWORD }: Parameters): Promise<object> {
    if (USERNAME === undefined) throw invalidParameter('Missing required parameter USERNAME');
    if (PASSWORD === undefined) throw invalidParameter('Missing required parameter PASSWORD');
    const known = users.find(client.poolId, USERNAME);
    const who = attempted(client.poolId, known?.sub ?? USERNAME);
    attempts.checkPasswordLock(who);
    const matches = await passwordMatches(PASSWORD, known?.passwordHash);
    if (!known && client.config.PreventUserExistenceErrors === 'LEGACY') throw userNotFound();
    // Read again: the user may have been deleted while the password was being checked.
    const user = known && users.find(client.poolId, known.sub);
    if (!user || !matches || user.passwordHash !== known.passwordHash) {
      attempts.count(who, 'password');
      throw incorrectUsernameOrPassword();
    }
    attempts.clear(who, 'password');
    if (user.status === 'UNCONFIRMED') throw cognitoError('UserNotConfirmedException', 'User is not confirmed.');
    if (user.totpEnabled) {
      return {
        ChallengeName: 'SOFTWARE_TOKEN_MFA',
        Session: flows.start(user, client, 'software-token-mfa'),
        ChallengeParameters: { USER_ID_FOR_SRP: user.sub },
      };
    }
    return signIn(user, client);
  }

  /** The first sign-in, with what ConfirmSignUp answered. */
  function signInAfterSignUp(client: Client, { USERNAME }: Parameters, session: string | undefined): Promise<object> {
    if (USERNAME === undefined) throw invalidParameter('Missing required parameter USERNAME');
    if (session === undefined) throw invalidParameter('USER_AUTH is emulated with the Session of ConfirmSignUp only.');
    const user = users.find(client.poolId, USERNAME);
    if (!user) throw notAuthorized('Invalid session for the user.');
    flows.check({ session, step: 'first-sign-in', user, client });
    flows.useUp(session);
    return signIn(user, client);
  }

  async function refresh(client: Client, refreshToken: string): Promise<object> {
    const { signIn, replacement } = signIns.refresh(refreshToken, client);
    const user = users.find(client.poolId, signIn.sub);
    if (!user) throw notAuthorized('Invalid Refresh Token');
    return { AuthenticationResult: await services.issueTokens(user, client, signIn, replacement) };
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
        return refresh(client, REFRESH_TOKEN);
      },
    }),

    GetTokensFromRefreshToken: define({
      input: z.object({ ClientId: clientId, RefreshToken: token }),
      access: 'public',
      run: ({ ClientId, RefreshToken }) => refresh(pools.client(ClientId), RefreshToken),
    }),

    RevokeToken: define({
      input: z.object({ ClientId: clientId, Token: token }),
      access: 'public',
      run({ ClientId, Token }) {
        const client = pools.client(ClientId);
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
