import { randomUUID } from 'node:crypto';
import {
  AliasExistsException,
  CodeMismatchException,
  ConfirmSignUpCommand,
  ExpiredCodeException,
  InvalidPasswordException,
  NotAuthorizedException,
  SignUpCommand,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { RegisterRequest, UserId } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import type { AwsClients } from '../calls/clients.ts';
import { isAny, throttled } from './identity-errors.ts';
import { mailUnavailable, type MailBudget } from './mail-budget.ts';
import type { PoolClient } from './pool-client.ts';

export type NewUser = Pick<RegisterRequest, 'email' | 'password' | 'name' | 'locale'>;

/** A registration as Cognito knows it. */
export interface Pending {
  username: UserId;
  /** Cognito's own, with which the code logs in as well. */
  session: string;
}

/**
 * Registrations of one address live side by side: each is a user of its own in the pool, with a code of its own, and
 * the address belongs to whoever of them confirms it first.
 */
export function createRegistrationSteps(
  { cognito }: Pick<AwsClients, 'cognito'>,
  { client, mailBudget }: { client: PoolClient; mailBudget: MailBudget },
) {
  const confirmWith = ({ username, session }: Pending, code: string) =>
    client.as(({ ClientId, hashOf }) =>
      cognito.send(
        new ConfirmSignUpCommand({
          ClientId,
          SecretHash: hashOf(username),
          Username: username,
          ConfirmationCode: code,
          ForceAliasCreation: false,
          Session: session,
        }),
      ),
    );

  /**
   * Whether Cognito looked at the code before it said that the address is somebody's: then a wrong one fails otherwise.
   * It documents neither order, and who guesses codes must not be told of accounts.
   */
  async function codeCameFirst(pending: Pending, code: string): Promise<boolean> {
    try {
      await confirmWith(pending, anotherThan(code));
      return false;
    } catch (error) {
      return isAny(error, [CodeMismatchException, ExpiredCodeException]);
    }
  }

  return {
    /**
     * Mails a code, whether or not the address is taken.
     * @throws {AppError} `weak_password`, `too_many_attempts`, `mail_unavailable`
     */
    async begin({ email, password, name, locale }: NewUser): Promise<Pending> {
      await mailBudget.require();
      const username = randomUUID();
      try {
        const { Session } = await client.as(({ ClientId, hashOf }) =>
          cognito.send(
            new SignUpCommand({
              ClientId,
              SecretHash: hashOf(username),
              Username: username,
              Password: password,
              UserAttributes: [
                { Name: 'email', Value: email },
                { Name: 'name', Value: name },
                { Name: 'locale', Value: locale },
              ],
            }),
          ),
        );
        if (!Session) throw new Error('Cognito began no session with the registration');
        return { username, session: Session };
      } catch (error) {
        if (await mailBudget.isSpentBy(error)) throw mailUnavailable(error);
        if (error instanceof InvalidPasswordException) throw new AppError('weak_password', { cause: error });
        throw throttled(error);
      }
    },

    /**
     * @returns Cognito's session for the first login
     * @throws {AppError} `invalid_code`, `expired_code`, `account_exists`, `too_many_attempts`
     */
    async confirm(pending: Pending, code: string): Promise<string | undefined> {
      try {
        const { Session } = await confirmWith(pending, code);
        return Session;
      } catch (error) {
        if (error instanceof AliasExistsException && (await codeCameFirst(pending, code)))
          throw new AppError('account_exists', { cause: error });
        throw confirmError(error);
      }
    },
  };
}

function anotherThan(code: string): string {
  return code.replace(/^./, (digit) => String((Number(digit) + 1) % 10));
}

function confirmError(error: unknown): unknown {
  if (isAny(error, [ExpiredCodeException, CodeMismatchException, AliasExistsException]))
    return new AppError('invalid_code', { cause: error });
  // An earlier answer of this very registration was lost on its way.
  if (error instanceof NotAuthorizedException && /status is CONFIRMED/.test(error.message))
    return confirmedBefore(error);
  // Given up as too old, or its session has expired.
  if (isAny(error, [UserNotFoundException, NotAuthorizedException]))
    return new AppError('expired_code', { cause: error });
  return throttled(error);
}

/** The account is there, and only the first login by the code isn't to be had any more. */
export const confirmedBefore = (cause: unknown) =>
  new AppError('account_exists', {
    cause,
    detail: 'This e-mail address is confirmed, and the account is yours.',
    remedy: 'Log in with e-mail and password.',
  });
