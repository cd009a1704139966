import type {
  Erasures,
  Identity,
  Limiter,
  PasswordReset,
  Realtime,
  RemoveUser,
  SecondFactor,
  Tenants,
} from '@top-active/aws';

export interface AuthDeps {
  identity: Identity;
  passwordReset: PasswordReset;
  secondFactor: SecondFactor;
  limiter: Limiter;
  tenants: Tenants;
  realtime: Realtime;
  erasures: Erasures;
  removeUser: RemoveUser;
}

/** Who asks, and from where. */
export interface Caller {
  /** IP address, for limits. */
  address: string;
}
