/** Clock of the simulated world: Unix time, milliseconds. */
export type Now = () => number;

export interface GoogleAccount {
  email: string;
  /** Google's stable identifier of the person. */
  sub: string;
  name: string;
  /** IANA name; the zone of the primary calendar. */
  timeZone: string;
}

/** An app registered in the (simulated) Google Cloud console. */
export interface OAuthClient {
  clientId: string;
  clientSecret: string;
  /** Compared character by character, as Google does. */
  redirectUris: string[];
  /** Shown on the consent page. */
  name?: string | undefined;
}

/** What one account has allowed one client. */
export interface Grant {
  clientId: string;
  email: string;
  scopes: string[];
}
