import type { Erasures, Identity, Limiter, Realtime, RemoveUser, Tenants } from '@top-active/aws';

export interface AuthDeps {
  identity: Identity;
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
