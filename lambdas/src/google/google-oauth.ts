import { CodeChallengeMethod, OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import type { GoogleSettings } from './google-settings.ts';
import { requestedScopes } from './scopes.ts';

/** Of one request; the library tries a token request up to four times. */
export const googleTimeoutMs = 5_000;

export interface Grant {
  refreshToken: string;
  /** What was granted, which may be less than what was asked for. */
  scopes: string[];
  /** Of the Google account; '' when Google doesn't tell. */
  email: string;
}

export interface GoogleOAuth {
  /** A PKCE verifier, and the consent's address with its S256 challenge. */
  consent(state: string): Promise<{ url: string; verifier: string }>;
  /** @throws when Google refuses the code, doesn't answer, or grants no refresh token */
  exchange(code: string, verifier: string): Promise<Grant>;
  /** Ends the whole grant of the account. @throws when Google doesn't know the token or doesn't answer */
  revoke(refreshToken: string): Promise<void>;
  /** A client that gets its access tokens by itself. */
  authorized(refreshToken: string): Promise<OAuth2Client>;
}

/** `redirectUri`: where Google sends the browser back to; must be registered with Google. Only consents need it. */
export function createGoogleOAuth(settings: GoogleSettings, redirectUri?: string): GoogleOAuth {
  async function client(): Promise<OAuth2Client> {
    return new OAuth2Client({
      clientId: settings.clientId,
      clientSecret: await settings.clientSecret(),
      ...(redirectUri && { redirectUri }),
      endpoints: {
        oauth2AuthBaseUrl: settings.authUrl,
        oauth2TokenUrl: settings.tokenUrl,
        oauth2RevokeUrl: settings.revokeUrl,
      },
      transporterOptions: { timeout: googleTimeoutMs },
    });
  }

  return {
    async consent(state) {
      const oauth = await client();
      const { codeVerifier, codeChallenge } = await oauth.generateCodeVerifierAsync();
      if (!codeChallenge) throw new Error('No PKCE challenge was made');
      const url = oauth.generateAuthUrl({
        access_type: 'offline',
        // Google hands out a refresh token only together with a consent.
        prompt: 'consent',
        scope: requestedScopes,
        state,
        code_challenge: codeChallenge,
        code_challenge_method: CodeChallengeMethod.S256,
      });
      return { url, verifier: codeVerifier };
    },
    async exchange(code, codeVerifier) {
      const { tokens } = await (await client()).getToken({ code, codeVerifier });
      const { refresh_token, scope, id_token } = tokensSchema.parse(tokens);
      return { refreshToken: refresh_token, scopes: scope.split(' '), email: id_token ? emailOf(id_token) : '' };
    },
    async revoke(refreshToken) {
      await (await client()).revokeToken(refreshToken);
    },
    async authorized(refreshToken) {
      const oauth = await client();
      oauth.setCredentials({ refresh_token: refreshToken });
      return oauth;
    },
  };
}

const tokensSchema = z.object({
  refresh_token: z.string().min(1),
  scope: z.string(),
  id_token: z.string().nullish(),
});

const idTokenSchema = z.object({ email: z.string().default('') });

/** The token came from Google itself over TLS: its signature needs no proof (OpenID Connect Core, 3.1.3.7). */
function emailOf(idToken: string): string {
  const payload = Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8');
  return idTokenSchema.parse(JSON.parse(payload)).email;
}
