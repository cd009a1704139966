import {
  CodeMismatchException,
  ExpiredCodeException,
  InitiateAuthCommand,
  NotAuthorizedException,
  PasswordResetRequiredException,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  UserNotConfirmedException,
  UserNotFoundException,
  type AuthenticationResultType,
} from '@aws-sdk/client-cognito-identity-provider';
import { userIdSchema, type LoginRequest, type UserId } from '@top-active/core/contracts';
import { accessClaimsOf } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import type { AwsClients } from '../calls/clients.ts';
import { isAny, throttled } from './identity-errors.ts';
import type { PoolClient } from './pool-client.ts';

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
  userId: UserId;
  /** Of the login, over all refreshes. */
  sessionId: string;
  /** When password or code were checked: epoch seconds. */
  authTime: number;
}

/** The password was right; a code of the authenticator app is wanted. */
export interface Challenge {
  userId: UserId;
  /** Cognito's own, good for one login. */
  cognitoSession: string;
}

/** Cognito's steps from a password to tokens. */
export function createSignInSteps({ cognito }: Pick<AwsClients, 'cognito'>, client: PoolClient) {
  return {
    /** @throws {AppError} `invalid_credentials`, `too_many_attempts` */
    async withPassword({ email, password }: LoginRequest): Promise<Tokens | Challenge> {
      try {
        const answer = await client.as(({ ClientId, hashOf }) =>
          cognito.send(
            new InitiateAuthCommand({
              ClientId,
              AuthFlow: 'USER_PASSWORD_AUTH',
              AuthParameters: { USERNAME: email, PASSWORD: password, SECRET_HASH: hashOf(email) },
            }),
          ),
        );
        if (answer.ChallengeName === undefined) return toTokens(answer.AuthenticationResult);
        if (answer.ChallengeName !== 'SOFTWARE_TOKEN_MFA' || !answer.Session)
          throw new Error(`Cognito asks for ${answer.ChallengeName}, which no page can answer`);
        const userId = userIdSchema.parse(answer.ChallengeParameters?.['USER_ID_FOR_SRP']);
        return { userId, cognitoSession: answer.Session };
      } catch (error) {
        throw passwordError(error);
      }
    },
    /** @throws {AppError} `invalid_code`, `expired_code`, `too_many_attempts` */
    async withCode({ userId, cognitoSession }: Challenge, code: string): Promise<Tokens> {
      try {
        const { AuthenticationResult } = await client.as(({ ClientId, hashOf }) =>
          cognito.send(
            new RespondToAuthChallengeCommand({
              ClientId,
              ChallengeName: 'SOFTWARE_TOKEN_MFA',
              Session: cognitoSession,
              ChallengeResponses: {
                USERNAME: userId,
                SOFTWARE_TOKEN_MFA_CODE: code,
                SECRET_HASH: hashOf(userId),
              },
            }),
          ),
        );
        return toTokens(AuthenticationResult);
      } catch (error) {
        throw codeError(error);
      }
    },
    /** The first login, right after the confirmation, by what that answered. */
    async afterConfirmation(username: UserId, Session: string | undefined): Promise<Tokens> {
      const { AuthenticationResult } = await client.as(({ ClientId, hashOf }) =>
        cognito.send(
          new InitiateAuthCommand({
            ClientId,
            AuthFlow: 'USER_AUTH',
            AuthParameters: { USERNAME: username, SECRET_HASH: hashOf(username) },
            Session,
          }),
        ),
      );
      return toTokens(AuthenticationResult);
    },
    /** Ends a login on all of its tabs. Unknown and expired tokens are fine. */
    async revoke(refreshToken: string): Promise<void> {
      await client.as(({ ClientId, ClientSecret }) =>
        cognito.send(new RevokeTokenCommand({ ClientId, ClientSecret, Token: refreshToken })),
      );
    },
  };
}

export function toTokens(result: AuthenticationResultType | undefined): Tokens {
  const { AccessToken, RefreshToken, ExpiresIn } = result ?? {};
  if (!AccessToken || !RefreshToken || !ExpiresIn) throw new Error('Cognito returned no tokens');
  return { accessToken: AccessToken, refreshToken: RefreshToken, expiresIn: ExpiresIn, ...accessClaimsOf(AccessToken) };
}

export const wrongAppCode = (cause?: unknown) =>
  new AppError('invalid_code', {
    cause,
    detail: 'The code is not the one that the authenticator app shows now, or it was used before.',
    remedy: 'Wait for the next code of the app and enter it. Check that the clock of the phone is right.',
  });

export const loginTooLate = (cause?: unknown) =>
  new AppError('expired_code', {
    cause,
    detail: 'This login took too long, or its code was tried too often.',
    remedy: 'Log in again with e-mail and password.',
  });

function passwordError(error: unknown): unknown {
  // Who was never confirmed looks like nobody: to say so would tell strangers who registers.
  const refusals = [
    NotAuthorizedException,
    UserNotFoundException,
    UserNotConfirmedException,
    PasswordResetRequiredException,
  ];
  return isAny(error, refusals) ? new AppError('invalid_credentials', { cause: error }) : throttled(error);
}

function codeError(error: unknown): unknown {
  if (isAny(error, [CodeMismatchException, ExpiredCodeException])) return wrongAppCode(error);
  // Cognito's session is over, was used, or the user is gone.
  if (isAny(error, [NotAuthorizedException, UserNotFoundException])) return loginTooLate(error);
  return throttled(error);
}
