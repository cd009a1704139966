import type { ConfirmRequest, LoginRequest, RegisterRequest, UserId } from '@top-active/core/contracts';

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
   * @throws {AppError} `weak_password`
   */
  signUp(input: Pick<RegisterRequest, 'email' | 'password' | 'name' | 'locale'>): Promise<{ session: string }>;
  /**
   * Confirms and logs in.
   * @throws {AppError} `invalid_code`, `expired_code`
   */
  confirm(input: ConfirmRequest): Promise<Tokens & Pick<RegisterRequest, 'name' | 'locale'>>;
  /** @throws {AppError} `invalid_credentials`, `account_not_confirmed` */
  login(input: LoginRequest): Promise<Tokens>;
  /** Rotates the refresh token. @throws {AppError} `session_expired` */
  refresh(refreshToken: string): Promise<Tokens>;
  /** Ends the login on all of its tabs. Unknown and expired tokens are fine. */
  revoke(refreshToken: string): Promise<void>;
}
