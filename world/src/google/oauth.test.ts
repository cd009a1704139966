import { gaxios } from 'google-auth-library';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clientId,
  clientSecret,
  eventsScope,
  freeBusyScope,
  startGoogle,
  type GoogleFixture,
} from './google-fixture.ts';

let google: GoogleFixture;
beforeEach(async () => {
  google = await startGoogle(Date.now());
});
afterEach(() => google.close());

async function tokenError(work: Promise<unknown>): Promise<{ status: number | undefined; data: unknown }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof gaxios.GaxiosError) return { status: error.status, data: error.response?.data };
    throw error;
  }
  throw new Error('The token endpoint granted it.');
}

describe('consent', () => {
  it('leads back with a code, the untouched state and the granted scopes, and yields tokens', async () => {
    const client = google.oauthClient();
    const { location, codeVerifier } = await google.consent({
      client,
      scopes: ['openid', 'email', freeBusyScope],
      parameters: { state: 'a b/ç&=' },
    });
    expect(location.origin + location.pathname).toBe('http://127.0.0.1:4000/api/google/callback');
    expect(location.searchParams.get('state')).toBe('a b/ç&=');
    const { tokens } = await client.getToken({ code: location.searchParams.get('code') ?? '', codeVerifier });
    expect(tokens.access_token).toMatch(/^ya29\./);
    expect(tokens.refresh_token).toMatch(/^1\/\//);
    expect(tokens.scope?.split(' ')).toEqual([
      'openid',
      'https://www.googleapis.com/auth/userinfo.email',
      freeBusyScope,
    ]);
    const ticket = await client.verifyIdToken({ idToken: tokens.id_token ?? '', audience: clientId });
    expect(ticket.getPayload()).toMatchObject({ email: 'maria@example.com', azp: clientId });
  });

  it('asks in the language of the browser, says that it is simulated and lists one checkbox for each scope', async () => {
    const client = google.oauthClient();
    const { url } = await google.authUrl({ client, scopes: ['openid', freeBusyScope, eventsScope] });
    const english = await (await fetch(url, { headers: { 'accept-language': 'en-US,en;q=0.9' } })).text();
    expect(english).toContain('Simulated Google');
    expect(english.match(/type="checkbox"/g)).toHaveLength(2);
    const portuguese = await (await fetch(`${url}&hl=pt-BR`)).text();
    expect(portuguese).toContain('Google simulado');
    expect(portuguese).toContain('Permitir');
  });

  it('grants only what stays ticked', async () => {
    const client = google.oauthClient();
    const tokens = await google.connect({ client, scopes: [freeBusyScope, eventsScope], ticked: [freeBusyScope] });
    expect(tokens.scope).toBe(freeBusyScope);
  });

  it('adds to what was granted before when asked to include it', async () => {
    const client = google.oauthClient();
    await google.connect({ client, scopes: [freeBusyScope] });
    const tokens = await google.connect({ client, scopes: [eventsScope] });
    expect(tokens.scope).toBe(`${freeBusyScope} ${eventsScope}`);
    const apart = await google.connect({
      client,
      scopes: [eventsScope],
      parameters: { include_granted_scopes: undefined },
    });
    expect(apart.scope).toBe(eventsScope);
  });

  it('leads back with access_denied on Deny, and when nothing stays ticked', async () => {
    const client = google.oauthClient();
    for (const wish of [{ decision: 'deny' as const }, { ticked: [] }]) {
      const { location } = await google.consent({ client, scopes: [freeBusyScope], ...wish });
      expect(location.searchParams.get('error')).toBe('access_denied');
      expect(location.searchParams.get('state')).toBe('state-1');
      expect(location.searchParams.has('code')).toBe(false);
    }
  });

  it('takes a typed e-mail for the account, even beside one that is picked', async () => {
    google.world.ensureAccount({ email: 'maria@example.com' });
    const { url } = await google.authUrl({ client: google.oauthClient(), scopes: [freeBusyScope] });
    const body = new URLSearchParams({
      account: 'maria@example.com',
      newEmail: 'joao@example.com',
      decision: 'allow',
      scope: freeBusyScope,
    });
    expect((await fetch(url, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
    expect(google.world.accounts().map(({ email }) => email)).toContain('joao@example.com');
  });

  it('keeps asking until the e-mail is one', async () => {
    const client = google.oauthClient();
    const { url } = await google.authUrl({ client, scopes: [freeBusyScope] });
    const body = new URLSearchParams({ newEmail: 'maria', decision: 'allow', scope: freeBusyScope });
    const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('aria-invalid="true"');
  });

  it('gives a refresh token only offline, and again only when consent was asked anew', async () => {
    const client = google.oauthClient();
    const online = await google.connect({
      client,
      scopes: [freeBusyScope],
      email: 'online@example.com',
      parameters: { access_type: 'online' },
    });
    expect(online.refresh_token).toBeUndefined();
    await google.connect({ client, scopes: [freeBusyScope] });
    const unasked = await google.connect({ client, scopes: [freeBusyScope], parameters: { prompt: undefined } });
    expect(unasked.refresh_token).toBeUndefined();
    expect((await google.connect({ client, scopes: [freeBusyScope] })).refresh_token).toBeDefined();
  });

  it.each([
    ['an unknown client', { client_id: 'stranger' }, 'invalid_client'],
    ['an unregistered redirect address', { redirect_uri: 'http://127.0.0.1:4000/elsewhere' }, 'redirect_uri_mismatch'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no PKCE', { code_challenge: undefined }, 'code_challenge'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'S256'],
    ['an unknown scope', { scope: 'https://www.googleapis.com/auth/drive' }, 'invalid_scope'],
  ])('shows an error page instead of a redirect for %s', async (_, parameters, error) => {
    const { url } = await google.authUrl({ client: google.oauthClient(), scopes: [freeBusyScope], parameters });
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(url, { method, redirect: 'manual' });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain(error);
    }
  });
});

describe('tokens', () => {
  it('exchanges a code once, within ten minutes, and only with its verifier, redirect address and client secret', async () => {
    const client = google.oauthClient();
    const newCode = async () => {
      const { location, codeVerifier } = await google.consent({ client, scopes: [freeBusyScope] });
      return { code: location.searchParams.get('code') ?? '', codeVerifier };
    };
    const once = await newCode();
    await client.getToken(once);
    expect(await tokenError(client.getToken(once))).toMatchObject({ status: 400, data: { error: 'invalid_grant' } });

    const late = await newCode();
    google.clock.now += 10 * 60_000;
    expect(await tokenError(client.getToken(late))).toMatchObject({ status: 400, data: { error: 'invalid_grant' } });

    expect(await tokenError(client.getToken({ ...(await newCode()), codeVerifier: 'x'.repeat(43) }))).toMatchObject({
      data: { error: 'invalid_grant', error_description: 'Invalid code verifier.' },
    });
    expect(await tokenError(client.getToken({ code: (await newCode()).code }))).toMatchObject({
      data: { error: 'invalid_grant', error_description: 'Missing code verifier.' },
    });
    expect(
      await tokenError(client.getToken({ ...(await newCode()), redirect_uri: 'http://127.0.0.1:4000/' })),
    ).toMatchObject({
      data: { error: 'redirect_uri_mismatch' },
    });
    const impostor = google.oauthClient();
    Object.assign(impostor, { _clientSecret: 'wrong' });
    expect(await tokenError(impostor.getToken(await newCode()))).toMatchObject({
      status: 401,
      data: { error: 'invalid_client' },
    });
  });

  it('refreshes after the hour is over, without a new refresh token', async () => {
    const client = google.oauthClient();
    const first = await google.connect({ client, scopes: [freeBusyScope] });
    google.clock.now += 3600_000;
    await expect(client.getTokenInfo(first.access_token ?? '')).rejects.toThrow('invalid_token');
    const { credentials } = await client.refreshAccessToken();
    const info = await client.getTokenInfo(credentials.access_token ?? '');
    expect(info.scopes).toEqual([freeBusyScope]);
    expect(info.aud).toBe(clientId);
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: first.refresh_token ?? '',
    });
    const answer: unknown = await (await fetch(`${google.origin}/google/token`, { method: 'POST', body })).json();
    expect(answer).toMatchObject({ expires_in: 3600, token_type: 'Bearer' });
    expect(answer).not.toHaveProperty('refresh_token');
  });

  it('ends both tokens when either is revoked', async () => {
    const client = google.oauthClient();
    const { access_token, refresh_token } = await google.connect({ client, scopes: [freeBusyScope] });
    await client.revokeToken(access_token ?? '');
    client.setCredentials({ refresh_token: refresh_token ?? '' });
    expect(await tokenError(client.getAccessToken())).toMatchObject({
      status: 400,
      data: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
    });
    expect(await tokenError(client.revokeToken(access_token ?? ''))).toMatchObject({
      data: { error: 'invalid_token' },
    });
  });

  it('ends one account’s grant through the control interface and leaves the others alone', async () => {
    const [maria, joao] = [google.oauthClient(), google.oauthClient()];
    await google.connect({ client: maria, scopes: [freeBusyScope] });
    await google.connect({ client: joao, scopes: [freeBusyScope], email: 'joao@example.com' });
    expect((await google.control('POST', '/expire-grant', { email: 'maria@example.com' })).status).toBe(204);
    expect(await tokenError(maria.refreshAccessToken())).toMatchObject({ data: { error: 'invalid_grant' } });
    await expect(joao.refreshAccessToken()).resolves.toBeDefined();
  });

  it('tells of the person what the scopes allow', async () => {
    const client = google.oauthClient();
    await google.connect({ client, scopes: ['openid', 'email'] });
    const { data } = await client.request<object>({ url: `${google.origin}/google/oauth2/v3/userinfo` });
    expect(data).toMatchObject({ email: 'maria@example.com', email_verified: true });
    expect(data).not.toHaveProperty('name');
  });

  it('survives a restart: tokens, accounts and grants', async () => {
    const client = google.oauthClient();
    const { refresh_token } = await google.connect({ client, scopes: [freeBusyScope] });
    await google.restart();
    const again = google.oauthClient();
    again.setCredentials({ refresh_token: refresh_token ?? '' });
    await expect(again.getAccessToken()).resolves.toBeDefined();
    expect(google.world.accounts().map(({ email }) => email)).toEqual(['maria@example.com']);
  });
});
