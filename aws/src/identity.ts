import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  CodeMismatchException,
  ConfirmSignUpCommand,
  ExpiredCodeException,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  InvalidPasswordException,
  LimitExceededException,
  NotAuthorizedException,
  PasswordResetRequiredException,
  RefreshTokenReuseException,
  RevokeTokenCommand,
  SignUpCommand,
  TooManyFailedAttemptsException,
  TooManyRequestsException,
  UserNotConfirmedException,
  UserNotFoundException,
  UsernameExistsException,
  type AuthenticationResultType,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  userIdSchema,
  type ConfirmRequest,
  type LoginRequest,
  type RegisterRequest,
  type UserId,
} from '@top-active/core/contracts';
import { z } from 'zod';
import type { AwsClients } from './clients.ts';
import { identityRefusal } from './identity-refusals.ts';
import { createRegistrations, type Registration } from './registrations.ts';

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
  userId: UserId;
}

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
  /** @throws {AppError} `invalid_credentials`, `account_not_confirmed`, `too_many_attempts` */
  login(input: LoginRequest): Promise<Tokens>;
  /** Rotates the refresh token. @throws {AppError} `session_expired` */
  refresh(refreshToken: string): Promise<Tokens>;
  /** Ends the login on all of its tabs. Unknown and expired tokens are fine. */
  revoke(refreshToken: string): Promise<void>;
}

export interface IdentityOptions {
  userPoolId: string;
  clientId: string;
  limitsTable: string;
  now?: (() => number) | undefined;
}

const claimsSchema = z.object({ sub: userIdSchema });

export function createIdentity(clients: AwsClients, options: IdentityOptions): Identity {
  const { userPoolId: UserPoolId, clientId: ClientId, limitsTable, now = Date.now } = options;
  const registrations = createRegistrations(clients, { table: limitsTable, now });

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
      if (!registration) throw identityRefusal('expired_code');
      const { user, name, locale } = registration;
      // A taken e-mail looks like a wrong code.
      if (!user || registration.email !== email) throw identityRefusal('invalid_code');
      try {
        const tokens = await confirmUser(user, code);
        await registrations.end(session);
        return { ...tokens, name, locale };
      } catch (error) {
        throw confirmError(error);
      }
    },
    async login({ email, password }) {
      try {
        const { AuthenticationResult } = await clients.cognito.send(
          new InitiateAuthCommand({
            ClientId,
            AuthFlow: 'USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: email, PASSWORD: password },
          }),
        );
        return toTokens(AuthenticationResult);
      } catch (error) {
        throw loginError(error);
      }
    },
    async refresh(refreshToken) {
      try {
        const { AuthenticationResult } = await clients.cognito.send(
          new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: refreshToken }),
        );
        return toTokens(AuthenticationResult);
      } catch (error) {
        if (isAny(error, [NotAuthorizedException, RefreshTokenReuseException, UserNotFoundException]))
          throw identityRefusal('session_expired', error);
        throw throttled(error);
      }
    },
    async revoke(refreshToken) {
      await clients.cognito.send(new RevokeTokenCommand({ ClientId, Token: refreshToken }));
    },
  };
}

/** The token came from the user pool just now, over TLS: its signature needs no proof. */
function toTokens(result: AuthenticationResultType | undefined): Tokens {
  const { AccessToken, RefreshToken, ExpiresIn } = result ?? {};
  if (!AccessToken || !RefreshToken || !ExpiresIn) throw new Error('Cognito returned no tokens');
  const payload = Buffer.from(AccessToken.split('.')[1] ?? '', 'base64url').toString('utf8');
  const { sub } = claimsSchema.parse(JSON.parse(payload));
  return { accessToken: AccessToken, refreshToken: RefreshToken, expiresIn: ExpiresIn, userId: sub };
}

function signUpError(error: unknown): unknown {
  return error instanceof InvalidPasswordException ? identityRefusal('weak_password', error) : throttled(error);
}

function confirmError(error: unknown): unknown {
  if (error instanceof ExpiredCodeException || error instanceof CodeMismatchException)
    return identityRefusal('invalid_code', error);
  // Replaced by a newer registration, confirmed before, or its session has expired.
  if (isAny(error, [UserNotFoundException, NotAuthorizedException])) return identityRefusal('expired_code', error);
  return throttled(error);
}

function loginError(error: unknown): unknown {
  if (error instanceof UserNotConfirmedException) return identityRefusal('account_not_confirmed', error);
  if (isAny(error, [NotAuthorizedException, UserNotFoundException, PasswordResetRequiredException]))
    return identityRefusal('invalid_credentials', error);
  return throttled(error);
}

function throttled(error: unknown): unknown {
  const isThrottling = isAny(error, [LimitExceededException, TooManyRequestsException, TooManyFailedAttemptsException]);
  return isThrottling ? identityRefusal('too_many_attempts', error) : error;
}

function isAny(error: unknown, classes: readonly (abstract new (...args: never[]) => Error)[]): boolean {
  return classes.some((type) => error instanceof type);
}
