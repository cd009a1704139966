import {
  AdminGetUserCommand,
  AdminUserGlobalSignOutCommand,
  CodeDeliveryFailureException,
  CodeMismatchException,
  ConfirmForgotPasswordCommand,
  ExpiredCodeException,
  ForgotPasswordCommand,
  InvalidParameterException,
  InvalidPasswordException,
  LimitExceededException,
  NotAuthorizedException,
  TooManyFailedAttemptsException,
  UserNotConfirmedException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { userIdSchema, type ResetPasswordRequest, type UserId } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import type { AwsClients } from '../calls/clients.ts';
import { isAny, throttled } from './identity-errors.ts';
import type { IdentityOptions } from './identity.ts';
import { logger } from '../logs/log.ts';
import { createMailBudget } from './mail-budget.ts';
import { createProofSessions } from './proof-sessions.ts';

/** A new password for whoever gets the e-mail of an account. No answer tells whether there is one. */
export interface PasswordReset {
  /**
   * Mails a code, if the address has an account. The code counts only together with the `session`.
   * @throws {AppError} `too_many_attempts`, `mail_unavailable`
   */
  ask(email: string): Promise<{ session: string }>;
  /** The same without another mail: the code of the newest is as good with this `session`. */
  askAgain(email: string): Promise<{ session: string }>;
  /**
   * Sets the password and ends every login of the user. A session can be tried five times within 15 minutes.
   * @returns whose password it was
   * @throws {AppError} `invalid_code`, `expired_code`, `weak_password`, `too_many_attempts`
   */
  change(input: ResetPasswordRequest): Promise<UserId>;
}

const resetSchema = z.object({ email: z.string() });

export function createPasswordReset(clients: AwsClients, options: IdentityOptions): PasswordReset {
  const { userPoolId: UserPoolId, client, limitsTable: table, now = Date.now } = options;
  const mailBudget = createMailBudget(clients, { table, now });
  const resets = createProofSessions(clients, { table, kind: 'reset', schema: resetSchema, now });

  return {
    async ask(email) {
      await mailBudget.require();
      try {
        await client.as(({ ClientId, hashOf }) =>
          clients.cognito.send(new ForgotPasswordCommand({ ClientId, SecretHash: hashOf(email), Username: email })),
        );
      } catch (error) {
        // To say so at once would tell of the account; from the next request on everybody is told.
        if (!(await mailBudget.isSpentBy(error)) && !isAboutTheAccount(error)) throw throttled(error);
        logger.warn('No code was sent for a new password', {}, error);
      }
      return { session: await resets.begin({ email }) };
    },
    askAgain: async (email) => ({ session: await resets.begin({ email }) }),
    async change({ email, code, session, password }) {
      const reset = await resets.attempt(session);
      if (!reset) throw refusals.expired();
      // Looks like a wrong code, as a code for nobody does.
      if (reset.email !== email) throw refusals.invalid();
      await confirm({ email, code, password });
      // Who knew the old password, or holds a token got with it, is out. Should it fail, so does the request: with
      // another code everything is done once more.
      await clients.cognito.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: email }));
      await resets.end(session);
      const { Username } = await clients.cognito.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
      return userIdSchema.parse(Username);
    },
  };

  async function confirm({ email, code, password }: Omit<ResetPasswordRequest, 'session'>): Promise<void> {
    try {
      await client.as(({ ClientId, hashOf }) =>
        clients.cognito.send(
          new ConfirmForgotPasswordCommand({
            ClientId,
            SecretHash: hashOf(email),
            Username: email,
            ConfirmationCode: code,
            Password: password,
          }),
        ),
      );
    } catch (error) {
      throw changeError(error);
    }
  }
}

/** Errors that an address without account can't cause: to pass them on would tell of one. */
function isAboutTheAccount(error: unknown): boolean {
  return isAny(error, [
    UserNotFoundException,
    UserNotConfirmedException,
    NotAuthorizedException,
    InvalidParameterException,
    LimitExceededException,
    CodeDeliveryFailureException,
  ]);
}

function changeError(error: unknown): unknown {
  if (error instanceof InvalidPasswordException) return new AppError('weak_password', { cause: error });
  if (isAny(error, [LimitExceededException, TooManyFailedAttemptsException])) return refusals.expired(error);
  const hopeless = [
    CodeMismatchException,
    ExpiredCodeException,
    UserNotFoundException,
    UserNotConfirmedException,
    NotAuthorizedException,
    InvalidParameterException,
  ];
  return isAny(error, hopeless) ? refusals.invalid(error) : throttled(error);
}

const refusals = {
  invalid: (cause?: unknown) =>
    new AppError('invalid_code', {
      cause,
      detail: 'The code is not the one sent for the new password.',
      remedy: 'Enter the six digits of the newest e-mail, in the browser in which you asked for it.',
    }),
  expired: (cause?: unknown) =>
    new AppError('expired_code', {
      cause,
      remedy: 'Ask for another code. After several codes, wait an hour first.',
    }),
};
