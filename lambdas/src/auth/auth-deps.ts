import type { Identity, Limiter, Realtime, Tenants } from '@top-active/aws';

export interface AuthDeps {
  identity: Identity;
  limiter: Limiter;
  tenants: Tenants;
  realtime: Realtime;
}

/** Who asks, and from where. */
export interface Caller {
  /** IP address, for limits. */
  address: string;
}
