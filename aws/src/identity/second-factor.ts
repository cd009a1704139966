import {
  AssociateSoftwareTokenCommand,
  CodeMismatchException,
  EnableSoftwareTokenMFAException,
  GetUserCommand,
  NotAuthorizedException,
  SetUserMFAPreferenceCommand,
  UserNotFoundException,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { AppError } from '@top-active/core/errors';
import type { AwsClients } from '../calls/clients.ts';
import { isAny, throttled } from './identity-errors.ts';
import { wrongAppCode } from './sign-in-steps.ts';

/** Codes of an authenticator app (TOTP) as the second factor of the user to whom an access token belongs. */
export interface SecondFactor {
  /** @throws {AppError} `session_expired` */
  isOn(accessToken: string): Promise<boolean>;
  /**
   * A new secret for the app, Base32, which counts once `switchOn` has seen a code of it. Where the second factor is
   * on, Cognito may take the old one away at once: not to be asked for there.
   * @throws {AppError} `session_expired`
   */
  newSecret(accessToken: string): Promise<string>;
  /** @throws {AppError} `invalid_code`, `session_expired`, `too_many_attempts` */
  switchOn(accessToken: string, code: string): Promise<void>;
  /** @throws {AppError} `session_expired` */
  switchOff(accessToken: string): Promise<void>;
}

export function createSecondFactor({ cognito }: Pick<AwsClients, 'cognito'>): SecondFactor {
  const prefer = (AccessToken: string, on: boolean) =>
    cognito.send(
      new SetUserMFAPreferenceCommand({
        AccessToken,
        SoftwareTokenMfaSettings: { Enabled: on, PreferredMfa: on },
      }),
    );

  return {
    isOn: (AccessToken) =>
      asUser(async () => {
        const { UserMFASettingList = [] } = await cognito.send(new GetUserCommand({ AccessToken }));
        return UserMFASettingList.includes('SOFTWARE_TOKEN_MFA');
      }),
    newSecret: (AccessToken) =>
      asUser(async () => {
        const { SecretCode } = await cognito.send(new AssociateSoftwareTokenCommand({ AccessToken }));
        if (!SecretCode) throw new Error('Cognito made no secret');
        return SecretCode;
      }),
    switchOn: (AccessToken, UserCode) =>
      asUser(async () => {
        const { Status } = await cognito.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
        if (Status !== 'SUCCESS') throw wrongAppCode();
        await prefer(AccessToken, true);
      }),
    switchOff: (AccessToken) =>
      asUser(async () => {
        await prefer(AccessToken, false);
      }),
  };
}

async function asUser<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAny(error, [EnableSoftwareTokenMFAException, CodeMismatchException])) throw wrongAppCode(error);
    // The login was ended elsewhere after this access token was given out.
    if (isAny(error, [NotAuthorizedException, UserNotFoundException]))
      throw new AppError('session_expired', { cause: error });
    throw throttled(error);
  }
}
