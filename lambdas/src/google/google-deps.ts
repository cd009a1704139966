import type { Tenants } from '@top-active/aws';
import type { GoogleOAuth } from './google-oauth.ts';

export interface GoogleDeps {
  tenants: Tenants;
  oauth: GoogleOAuth;
  redirectUri: string;
  /** Whether Google is the simulated one. */
  simulated: boolean;
}
