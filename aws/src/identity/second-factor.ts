import {
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  CodeMismatchException,
  EnableSoftwareTokenMFAException,
  NotAuthorizedException,
  UserNotFoundException,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { LoginRequest, UserId } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import type { AwsClients } from '../calls/clients.ts';
import { logger } from '../logs/log.ts';
import { isAny, throttled } from './identity-errors.ts';
import type { PoolClient } from './pool-client.ts';
import { createSignInSteps, wrongAppCode } from './sign-in-steps.ts';

/** Codes of an authenticator app (TOTP) as the second factor of a user. */
export interface SecondFactor {
  /** @throws {AppError} `session_expired` when the user is gone */
  isOn(email: string): Promise<boolean>;
  /**
   * Somebody who gives the password once more, to set up an app. What that opens at the user pool stays in here.
   * @returns whose password it was; no `presence` where the second factor is on already
   * @throws {AppError} `invalid_credentials`, `too_many_attempts`
   */
  present(input: LoginRequest): Promise<{ userId: UserId; presence: Presence | undefined }>;
  /** @throws {AppError} `session_expired` when the user is gone */
  switchOff(userId: UserId): Promise<void>;
}

/** To be ended, whatever has become of it. */
export interface Presence {
  /** A new secret for the app, Base32, which counts once `switchOn` has seen a code of it. */
  newSecret: () => Promise<string>;
  /** @throws {AppError} `invalid_code`, `too_many_attempts` */
  switchOn: (code: string) => Promise<void>;
  end: () => Promise<void>;
}

/**
 * @param options.client the app client of nothing but this: its access tokens alone may change the user at the pool,
 *   which Cognito takes a new secret by no other way
 */
export function createSecondFactor(
  clients: Pick<AwsClients, 'cognito'>,
  { userPoolId: UserPoolId, client }: { userPoolId: string; client: PoolClient },
): SecondFactor {
  const { cognito } = clients;
  const signIn = createSignInSteps(clients, client);

  const prefer = (Username: UserId, on: boolean) =>
    cognito.send(
      new AdminSetUserMFAPreferenceCommand({
        UserPoolId,
        Username,
        SoftwareTokenMfaSettings: { Enabled: on, PreferredMfa: on },
      }),
    );

  function presenceOf({
    userId,
    accessToken: AccessToken,
    refreshToken,
  }: {
    userId: UserId;
    accessToken: string;
    refreshToken: string;
  }): Presence {
    return {
      newSecret: () =>
        ofUser(async () => {
          const { SecretCode } = await cognito.send(new AssociateSoftwareTokenCommand({ AccessToken }));
          if (!SecretCode) throw new Error('Cognito made no secret');
          return SecretCode;
        }),
      switchOn: (UserCode) =>
        ofUser(async () => {
          const { Status } = await cognito.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
          if (Status !== 'SUCCESS') throw wrongAppCode();
          await prefer(userId, true);
        }),
      async end() {
        try {
          await signIn.revoke(refreshToken);
        } catch (error) {
          // Its tokens have left no process, and end within the hour.
          logger.warn('A login for the second factor was not ended', {}, error);
        }
      },
    };
  }

  return {
    isOn: (Username) =>
      ofUser(async () => {
        const { UserMFASettingList = [] } = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username }));
        return UserMFASettingList.includes('SOFTWARE_TOKEN_MFA');
      }),
    async present(input) {
      const answer = await signIn.withPassword(input);
      return { userId: answer.userId, presence: 'accessToken' in answer ? presenceOf(answer) : undefined };
    },
    switchOff: (userId) =>
      ofUser(async () => {
        await prefer(userId, false);
      }),
  };
}

async function ofUser<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAny(error, [EnableSoftwareTokenMFAException, CodeMismatchException])) throw wrongAppCode(error);
    // Erased, or logged out everywhere, after the request began.
    if (isAny(error, [NotAuthorizedException, UserNotFoundException]))
      throw new AppError('session_expired', { cause: error });
    throw throttled(error);
  }
}
