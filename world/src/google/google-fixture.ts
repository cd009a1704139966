import { calendar, type calendar_v3 } from '@googleapis/calendar';
import { CodeChallengeMethod, OAuth2Client, type Credentials } from 'google-auth-library';
import { serveApps, type Served } from '../test-support/serve.ts';
import { makeTemporaryFolder } from '../test-support/temporary-folder.ts';
import { createGoogleControl } from './control.ts';
import { createGoogleWorld, type GoogleWorld } from './world.ts';

const scope = (name: string) => `https://www.googleapis.com/auth/${name}`;
export const freeBusyScope = scope('calendar.freebusy');
export const eventsScope = scope('calendar.events');
const redirectUri = 'http://127.0.0.1:4000/api/google/callback';
export const clientId = 'top-active.apps.googleusercontent.com';
export const clientSecret = 'GOCSPX-simulated';

interface Consent {
  client: OAuth2Client;
  scopes: string[];
  email?: string;
  /** Scopes left ticked; all by default. */
  ticked?: string[];
  decision?: 'allow' | 'deny';
  /** More or other parameters of the authorization URL; undefined removes one. */
  parameters?: Record<string, string | undefined>;
}

export interface GoogleFixture {
  world: GoogleWorld;
  origin: string;
  /** Milliseconds that the world's clock is ahead. */
  clock: { now: number };
  oauthClient(): OAuth2Client;
  authUrl(consent: Consent): Promise<{ url: string; codeVerifier: string }>;
  /** Goes to the consent page as a browser does, decides, and yields where it leads. */
  consent(consent: Consent): Promise<{ location: URL; codeVerifier: string }>;
  /** The whole dance, with the tokens set on the client. */
  connect(consent: Consent): Promise<Credentials>;
  /** The real calendar client, against this world. */
  calendar(client: OAuth2Client): calendar_v3.Calendar;
  /** What a call of the real client needs in its second argument to reach this world. */
  callOptions: { rootUrl: string; retry: boolean };
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param startAt where the world's clock starts, Unix time in milliseconds */
export async function startGoogle(startAt = Date.parse('2026-11-23T12:00:00Z')): Promise<GoogleFixture> {
  const folder = makeTemporaryFolder();
  const clock = { now: startAt };
  let world: GoogleWorld;
  let served: Served;

  async function start(): Promise<void> {
    world = createGoogleWorld({ dir: folder.path, now: () => clock.now });
    world.registerClient({ clientId, clientSecret, redirectUris: [redirectUri], name: 'Top Active' });
    served = await serveApps({ '/google': world.app, '/control/google': createGoogleControl(world) });
  }
  async function stop(): Promise<void> {
    world.close();
    await served.close();
  }
  await start();

  async function consent(wish: Consent) {
    const { email = 'maria@example.com', ticked = wish.scopes, decision = 'allow' } = wish;
    const { url, codeVerifier } = await authUrl(wish);
    const page = await fetch(url);
    if (!page.ok) throw new Error(`No consent page: ${page.status} ${await page.text()}`);
    const form = new URLSearchParams({ account: '', newEmail: email, decision });
    for (const name of ticked) form.append('scope', name);
    const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
    return { location: new URL(answer.headers.get('location') ?? 'missing:'), codeVerifier };
  }

  function oauthClient(): OAuth2Client {
    const base = `${served.origin}/google`;
    return new OAuth2Client({
      clientId,
      clientSecret,
      redirectUri,
      endpoints: {
        oauth2AuthBaseUrl: `${base}/o/oauth2/v2/auth`,
        oauth2TokenUrl: `${base}/token`,
        oauth2RevokeUrl: `${base}/revoke`,
        tokenInfoUrl: `${base}/tokeninfo`,
        oauth2FederatedSignonPemCertsUrl: `${base}/oauth2/v1/certs`,
        oauth2FederatedSignonJwkCertsUrl: `${base}/oauth2/v3/certs`,
      },
    });
  }

  return {
    get world() {
      return world;
    },
    get origin() {
      return served.origin;
    },
    clock,
    oauthClient,
    authUrl,
    consent,
    async connect(wish) {
      const { location, codeVerifier } = await consent(wish);
      const code = location.searchParams.get('code');
      if (!code) throw new Error(`No code: ${location.href}`);
      const { tokens } = await wish.client.getToken({ code, codeVerifier });
      wish.client.setCredentials(tokens);
      return tokens;
    },
    calendar: (client) => calendar({ version: 'v3', auth: client }),
    get callOptions() {
      return { rootUrl: `${served.origin}/google/`, retry: false };
    },
    async control(method, path, body) {
      const answer = await fetch(`${served.origin}/control/google${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      const content: unknown = text ? JSON.parse(text) : undefined;
      return { status: answer.status, body: content };
    },
    async restart() {
      await stop();
      await start();
    },
    async close() {
      await stop();
      folder.remove();
    },
  };
}

async function authUrl({ client, scopes, parameters = {} }: Consent): Promise<{ url: string; codeVerifier: string }> {
  const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
  const url = new URL(
    client.generateAuthUrl({
      access_type: 'offline',
      scope: scopes,
      state: 'state-1',
      prompt: 'consent',
      include_granted_scopes: true,
      code_challenge_method: CodeChallengeMethod.S256,
      ...(codeChallenge !== undefined && { code_challenge: codeChallenge }),
    }),
  );
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return { url: url.href, codeVerifier };
}
