import {
  GetTokensFromRefreshTokenCommand,
  NotAuthorizedException,
  RefreshTokenReuseException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  localeSchema,
  type ConfirmRequest,
  type LoginCodeRequest,
  type LoginRequest,
  type RegisterRequest,
  type UserId,
  userIdSchema,
} from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import type { AwsClients } from '../calls/clients.ts';
import { logger } from '../logs/log.ts';
import { isAny, throttled } from './identity-errors.ts';
import type { PoolClient } from './pool-client.ts';
import { createMailBudget } from './mail-budget.ts';
import { createProofSessions } from './proof-sessions.ts';
import { confirmedBefore, createRegistrationSteps, type NewUser } from './registration.ts';
import { createSignInSteps, loginTooLate, toTokens, wrongAppCode, type Tokens } from './sign-in-steps.ts';

/** The Cognito user pool, with its errors turned into AppErrors. */
export interface Identity {
  /**
   * The same answer whether the e-mail is new or taken, and a code by mail in any case. `session` belongs to this
   * registration: its code confirms only together with it, and no other registration of the e-mail has to do with it.
   * @throws {AppError} `weak_password`, `too_many_attempts`, `mail_unavailable`
   */
  signUp(input: NewUser): Promise<{ session: string }>;
  /**
   * Confirms and logs in. A registration can be tried five times within 15 minutes.
   * @throws {AppError} `invalid_code`, `expired_code`, `too_many_attempts`; `account_exists` to who has the right code,
   *   when somebody has confirmed the e-mail before
   */
  confirm(input: ConfirmRequest): Promise<Confirmed>;
  /**
   * Tokens; or, where a second factor is on, a session of this browser: only together with it a code logs in.
   * @throws {AppError} `invalid_credentials`, `too_many_attempts`
   */
  login(input: LoginRequest): Promise<Tokens | { session: string }>;
  /**
   * The second step of a login. It can be tried five times within 15 minutes.
   * @param beforeCode is asked once the password is known to have been right, before the code is tried; throws to keep
   *   it from being tried
   * @throws {AppError} `invalid_code`, `expired_code`, `too_many_attempts`, and what `beforeCode` throws
   */
  loginWithCode(input: LoginCodeRequest, beforeCode: BeforeCode): Promise<Tokens>;
  /**
   * Whose password it is, without logging in.
   * @throws {AppError} `invalid_credentials`, `too_many_attempts`
   */
  provePassword(input: LoginRequest): Promise<{ userId: UserId; secondFactor: boolean }>;
  /**
   * A login with both factors at once. Who asks ends it with `revoke`.
   * @throws {AppError} those of `login` and `loginWithCode`
   */
  loginWithBoth(input: LoginRequest & Pick<LoginCodeRequest, 'code'>, beforeCode: BeforeCode): Promise<Tokens>;
  /**
   * Rotates the refresh token. `reused`: it was replaced, longer ago than the minute in which two tabs may both come.
   * @throws {AppError} `session_expired`
   */
  refresh(refreshToken: string): Promise<Tokens | 'reused'>;
  /** Ends the login on all of its tabs. Unknown and expired tokens are fine. */
  revoke(refreshToken: string): Promise<void>;
}

/** Who has an account now. */
export interface Confirmed extends Pick<RegisterRequest, 'name' | 'locale'> {
  userId: UserId;
  /** Throws `account_exists` where the first login failed: the account is there, and takes its password. */
  tokens: () => Tokens;
}

type BeforeCode = (userId: UserId) => Promise<void>;

export interface IdentityOptions {
  userPoolId: string;
  client: PoolClient;
  limitsTable: string;
  now?: (() => number) | undefined;
}

const registrationSchema = z.object({
  email: z.string(),
  name: z.string(),
  locale: localeSchema,
  username: userIdSchema,
  cognitoSession: z.string(),
});

/** A login that waits for the code of the authenticator app. */
const waitingLoginSchema = z.object({ email: z.string(), userId: userIdSchema, cognitoSession: z.string() });

export function createIdentity(clients: AwsClients, options: IdentityOptions): Identity {
  const { client, limitsTable, now = Date.now } = options;
  const registrations = createProofSessions(clients, {
    table: limitsTable,
    kind: 'registration',
    schema: registrationSchema,
    now,
  });
  const waitingLogins = createProofSessions(clients, {
    table: limitsTable,
    kind: 'login',
    schema: waitingLoginSchema,
    now,
  });
  const signIn = createSignInSteps(clients, client);
  const registration = createRegistrationSteps(clients, {
    client,
    mailBudget: createMailBudget(clients, { table: limitsTable, now }),
  });

  return {
    async signUp(input) {
      const { email, name, locale } = input;
      const { username, session: cognitoSession } = await registration.begin(input);
      return { session: await registrations.begin({ email, name, locale, username, cognitoSession }) };
    },
    async confirm({ email, code, session }) {
      const begun = await registrations.attempt(session);
      if (!begun) throw new AppError('expired_code');
      if (begun.email !== email) throw new AppError('invalid_code');
      const { username, cognitoSession, name, locale } = begun;
      const first = await registration.confirm({ username, session: cognitoSession }, code);
      // From here on there is an account, whatever fails.
      const tokens = await signIn.afterConfirmation(username, first).then(
        (got) => () => got,
        (error: unknown) => {
          logger.warn('Confirmed, but not logged in', {}, error);
          return () => {
            throw confirmedBefore(error);
          };
        },
      );
      await registrations.end(session);
      return { userId: username, name, locale, tokens };
    },
    async login(input) {
      const answer = await signIn.withPassword(input);
      if ('accessToken' in answer) return answer;
      return { session: await waitingLogins.begin({ email: input.email, ...answer }) };
    },
    async loginWithCode({ email, code, session }, beforeCode) {
      const login = await waitingLogins.attempt(session);
      if (!login) throw loginTooLate();
      if (login.email !== email) throw wrongAppCode();
      await beforeCode(login.userId);
      const tokens = await signIn.withCode(login, code);
      await waitingLogins.end(session);
      return tokens;
    },
    async provePassword(input) {
      const answer = await signIn.withPassword(input);
      if (!('accessToken' in answer)) return { userId: answer.userId, secondFactor: true };
      await signIn.revoke(answer.refreshToken);
      return { userId: answer.userId, secondFactor: false };
    },
    async loginWithBoth({ code, ...input }, beforeCode) {
      const answer = await signIn.withPassword(input);
      if ('accessToken' in answer) return answer;
      await beforeCode(answer.userId);
      return signIn.withCode(answer, code);
    },
    async refresh(refreshToken) {
      try {
        const { AuthenticationResult } = await client.as(({ ClientId, ClientSecret }) =>
          clients.cognito.send(
            new GetTokensFromRefreshTokenCommand({ ClientId, ClientSecret, RefreshToken: refreshToken }),
          ),
        );
        return toTokens(AuthenticationResult);
      } catch (error) {
        if (error instanceof RefreshTokenReuseException) return 'reused';
        if (isAny(error, [NotAuthorizedException, UserNotFoundException]))
          throw new AppError('session_expired', { cause: error });
        throw throttled(error);
      }
    },
    revoke: (refreshToken) => signIn.revoke(refreshToken),
  };
}
