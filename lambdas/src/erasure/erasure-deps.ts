import type { Erasures, Placements, Realtime, RemoveUser, Tenants } from '@top-active/aws';
import type { GoogleOAuth } from '../google/google-oauth.ts';

export interface ErasureDeps {
  erasures: Erasures;
  tenants: Tenants;
  placements: Pick<Placements, 'release'>;
  realtime: Realtime;
  removeUser: RemoveUser;
  oauth: Pick<GoogleOAuth, 'revoke'>;
  /** Epoch milliseconds. */
  now: () => number;
}
