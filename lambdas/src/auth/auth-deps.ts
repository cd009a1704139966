import type {
  Erasures,
  Identity,
  KnownDevices,
  Limiter,
  PasswordReset,
  Realtime,
  RemoveUser,
  SecondFactor,
  Tenants,
  Tokens,
} from '@top-active/aws';

export interface AuthDeps {
  identity: Identity;
  passwordReset: PasswordReset;
  secondFactor: SecondFactor;
  knownDevices: KnownDevices;
  limiter: Limiter;
  tenants: Tenants;
  realtime: Realtime;
  erasures: Erasures;
  removeUser: RemoveUser;
}

/** Tokens of a login that has begun, with the proof for its cookie. */
export type LoggedIn = Tokens & { proof: string };

/** Who asks, and from where. */
export interface Caller {
  /** IP address, for limits. */
  address: string;
}

/** Somebody who isn't logged in. */
export interface Guest extends Caller {
  /** What the browser shows for an account; none of it need be true. */
  deviceOf: (email: string) => string | undefined;
}
