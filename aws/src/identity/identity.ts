import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  CodeMismatchException,
  ConfirmSignUpCommand,
  ExpiredCodeException,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  InvalidPasswordException,
  NotAuthorizedException,
  RefreshTokenReuseException,
  SignUpCommand,
  UserNotFoundException,
  UsernameExistsException,
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
import { isAny, throttled } from './identity-errors.ts';
import { createProofSessions } from './proof-sessions.ts';
import { createSignInSteps, loginTooLate, toTokens, wrongAppCode, type Tokens } from './sign-in-steps.ts';

/** The Cognito user pool, with its errors turned into AppErrors. */
export interface Identity {
  /**
   * The same answer whether the e-mail is new or taken. `session` belongs to this registration: a code confirms only
   * together with it. An earlier registration of the e-mail that was never confirmed is replaced.
   * @throws {AppError} `weak_password`, `too_many_attempts`
   */
  signUp(input: Pick<RegisterRequest, 'email' | 'password' | 'name' | 'locale'>): Promise<{ session: string }>;
  /**
   * Confirms and logs in. A registration can be tried five times within 15 minutes.
   * @throws {AppError} `invalid_code`, `expired_code`, `too_many_attempts`
   */
  confirm(input: ConfirmRequest): Promise<Tokens & Pick<RegisterRequest, 'name' | 'locale'>>;
  /**
   * Tokens; or, where a second factor is on, a session of this browser: only together with it a code logs in.
   * @throws {AppError} `invalid_credentials`, `account_not_confirmed`, `too_many_attempts`
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
   * @throws {AppError} `invalid_credentials`, `account_not_confirmed`, `too_many_attempts`
   */
  provePassword(input: LoginRequest): Promise<{ userId: UserId; secondFactor: boolean }>;
  /**
   * A login with both factors at once. Who asks ends it with `revoke`.
   * @throws {AppError} those of `login` and `loginWithCode`
   */
  loginWithBoth(input: LoginRequest & Pick<LoginCodeRequest, 'code'>, beforeCode: BeforeCode): Promise<Tokens>;
  /** Rotates the refresh token. @throws {AppError} `session_expired` */
  refresh(refreshToken: string): Promise<Tokens>;
  /** Ends the login on all of its tabs. Unknown and expired tokens are fine. */
  revoke(refreshToken: string): Promise<void>;
}

type BeforeCode = (userId: UserId) => Promise<void>;

export interface IdentityOptions {
  userPoolId: string;
  clientId: string;
  limitsTable: string;
  now?: (() => number) | undefined;
}

const registrationSchema = z.object({
  email: z.string(),
  name: z.string(),
  locale: localeSchema,
  /** Who was made, and Cognito's session; absent when the e-mail belongs to somebody already. */
  user: z.object({ sub: z.uuid(), session: z.string() }).optional(),
});
type Registration = z.infer<typeof registrationSchema>;

/** A login that waits for the code of the authenticator app. */
const waitingLoginSchema = z.object({ email: z.string(), userId: userIdSchema, cognitoSession: z.string() });

export function createIdentity(clients: AwsClients, options: IdentityOptions): Identity {
  const { userPoolId: UserPoolId, clientId: ClientId, limitsTable, now = Date.now } = options;
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
  const signIn = createSignInSteps(clients, ClientId);

  async function create(input: Pick<RegisterRequest, 'email' | 'password' | 'name' | 'locale'>) {
    const { email, password, name, locale } = input;
    const { UserSub, Session } = await clients.cognito.send(
      new SignUpCommand({
        ClientId,
        Username: email,
        Password: password,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'name', Value: name },
          { Name: 'locale', Value: locale },
        ],
      }),
    );
    if (!UserSub || !Session) throw new Error('Cognito began no session with the registration');
    return { sub: UserSub, session: Session };
  }

  /** Makes room for a new registration. False: the e-mail belongs to somebody. */
  async function removeUnconfirmed(email: string): Promise<boolean> {
    try {
      const { UserStatus, Username } = await clients.cognito.send(
        new AdminGetUserCommand({ UserPoolId, Username: email }),
      );
      if (UserStatus !== 'UNCONFIRMED') return false;
      await clients.cognito.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
      return true;
    } catch (error) {
      if (error instanceof UserNotFoundException) return true;
      throw error;
    }
  }

  async function createOrReplace(
    input: Pick<RegisterRequest, 'email' | 'password' | 'name' | 'locale'>,
  ): Promise<Registration['user']> {
    try {
      return await create(input);
    } catch (error) {
      if (!(error instanceof UsernameExistsException)) throw signUpError(error);
    }
    if (!(await removeUnconfirmed(input.email))) return undefined;
    try {
      return await create(input);
    } catch (error) {
      // Somebody registered it in the meantime: theirs is the newer one.
      if (error instanceof UsernameExistsException) return undefined;
      throw signUpError(error);
    }
  }

  async function confirmUser({ sub, session }: NonNullable<Registration['user']>, code: string): Promise<Tokens> {
    const { Session } = await clients.cognito.send(
      // By `sub`, so that a code sent for another registration of the same e-mail confirms nothing here.
      new ConfirmSignUpCommand({ ClientId, Username: sub, ConfirmationCode: code, Session: session }),
    );
    const { AuthenticationResult } = await clients.cognito.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_AUTH', AuthParameters: { USERNAME: sub }, Session }),
    );
    return toTokens(AuthenticationResult);
  }

  return {
    async signUp(input) {
      const { email, name, locale } = input;
      const user = await createOrReplace(input);
      return { session: await registrations.begin({ email, name, locale, user }) };
    },
    async confirm({ email, code, session }) {
      const registration = await registrations.attempt(session);
      if (!registration) throw new AppError('expired_code');
      const { user, name, locale } = registration;
      // A taken e-mail looks like a wrong code.
      if (!user || registration.email !== email) throw new AppError('invalid_code');
      try {
        const tokens = await confirmUser(user, code);
        await registrations.end(session);
        return { ...tokens, name, locale };
      } catch (error) {
        throw confirmError(error);
      }
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
        const { AuthenticationResult } = await clients.cognito.send(
          new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: refreshToken }),
        );
        return toTokens(AuthenticationResult);
      } catch (error) {
        if (isAny(error, [NotAuthorizedException, RefreshTokenReuseException, UserNotFoundException]))
          throw new AppError('session_expired', { cause: error });
        throw throttled(error);
      }
    },
    revoke: (refreshToken) => signIn.revoke(refreshToken),
  };
}

function signUpError(error: unknown): unknown {
  return error instanceof InvalidPasswordException ? new AppError('weak_password', { cause: error }) : throttled(error);
}

function confirmError(error: unknown): unknown {
  if (error instanceof ExpiredCodeException || error instanceof CodeMismatchException)
    return new AppError('invalid_code', { cause: error });
  // Replaced by a newer registration, confirmed before, or its session has expired.
  if (isAny(error, [UserNotFoundException, NotAuthorizedException]))
    return new AppError('expired_code', { cause: error });
  return throttled(error);
}
