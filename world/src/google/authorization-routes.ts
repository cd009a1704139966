import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { localeOf, sendPage } from '../page-style/index.ts';
import type { Accounts } from './accounts.ts';
import { readAuthorizationRequest, type AuthorizationRequest } from './authorization-request.ts';
import type { Clients } from './clients.ts';
import { consentMain, consentTexts, refusalMain } from './consent-page.ts';
import type { Grants } from './grants.ts';
import { isSignInScope } from './scopes.ts';

interface Parts {
  accounts: Accounts;
  clients: Clients;
  grants: Grants;
}

const emailSchema = z.email();

/** The authorization endpoint and its consent page. */
export function authorizationRoutes(parts: Parts): Hono {
  const { accounts, clients, grants } = parts;
  const app = new Hono();

  app.get('/o/oauth2/v2/auth', (c) => {
    const outcome = readAuthorizationRequest(c.req.query(), clients);
    if (!outcome.ok) return sendRefusal(c, outcome.refusal);
    const { request } = outcome;
    const known = request.loginHint ? accounts.find(request.loginHint) : undefined;
    const granted = known && grants.granted({ clientId: request.client.clientId, email: known.email });
    const silent = granted !== undefined && request.scopes.every((scope) => granted.includes(scope));
    if (request.prompt.includes('none') && !silent)
      return sendBack(c, request, { error: known ? 'interaction_required' : 'login_required' });
    const asks = request.prompt.includes('consent') || request.prompt.includes('select_account');
    if (known && silent && !asks)
      return allow(c, { request, email: known.email, scopes: request.scopes, consented: false });
    return sendConsent(c, request);
  });

  app.post('/o/oauth2/v2/auth', async (c) => {
    const outcome = readAuthorizationRequest(c.req.query(), clients);
    if (!outcome.ok) return sendRefusal(c, outcome.refusal);
    const { request } = outcome;
    const form = await c.req.formData();
    if (form.get('decision') !== 'allow') return sendBack(c, request, { error: 'access_denied' });
    const typed = textOf(form, 'newEmail') || textOf(form, 'account');
    const email = emailSchema.safeParse(typed);
    if (!email.success) return sendConsent(c, request, typed);
    const ticked = new Set<unknown>(form.getAll('scope'));
    const scopes = request.scopes.filter((scope) => isSignInScope(scope) || ticked.has(scope));
    if (scopes.length === 0) return sendBack(c, request, { error: 'access_denied' });
    return allow(c, { request, email: accounts.ensure({ email: email.data }).email, scopes, consented: true });
  });

  function allow(
    c: Context,
    decision: { request: AuthorizationRequest; email: string; scopes: string[]; consented: boolean },
  ): Response {
    const { request, email, consented } = decision;
    const key = { clientId: request.client.clientId, email };
    const before = grants.granted(key);
    const total = [...new Set([...(before ?? []), ...decision.scopes])];
    grants.allow({ ...key, scopes: total });
    const scopes = request.includeGranted ? total : decision.scopes;
    const code = grants.issueCode({
      ...key,
      scopes,
      redirectUri: request.redirectUri,
      codeChallenge: request.codeChallenge,
      // As at Google: only the first consent, or one asked for anew by prompt=consent, yields a refresh token.
      refresh: request.offline && (before === undefined || (consented && request.prompt.includes('consent'))),
      nonce: request.nonce,
    });
    return sendBack(c, request, {
      code,
      scope: scopes.join(' '),
      authuser: '0',
      prompt: consented ? 'consent' : 'none',
    });
  }

  function sendConsent(
    c: Context,
    request: AuthorizationRequest,
    rejectedEmail?: string,
  ): Response | Promise<Response> {
    const locale = localeOf(c);
    return sendPage(c, {
      locale,
      title: consentTexts[locale].title,
      notice: consentTexts[locale].notice,
      main: consentMain({ locale, request, accounts: accounts.list(), rejectedEmail }),
      status: rejectedEmail === undefined ? 200 : 400,
    });
  }

  return app;
}

function sendRefusal(c: Context, refusal: Parameters<typeof refusalMain>[0]['refusal']): Response | Promise<Response> {
  const locale = localeOf(c);
  const { title, notice } = consentTexts[locale];
  return sendPage(c, { locale, title, notice, main: refusalMain({ locale, refusal }), status: 400 });
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** Back to the app, with its `state` untouched and the issuer named (RFC 9207). */
function sendBack(c: Context, request: AuthorizationRequest, answer: Record<string, string>): Response {
  const url = new URL(request.redirectUri);
  if (request.state !== undefined) url.searchParams.set('state', request.state);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  url.searchParams.set('iss', 'https://accounts.google.com');
  return c.redirect(url.href, 303);
}
