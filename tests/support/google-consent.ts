import { googleConnectResponseSchema } from '@top-active/core/contracts';
import type { ApiClient } from '@top-active/local/client';

const scopes = ['freebusy', 'events'].map((name) => `https://www.googleapis.com/auth/calendar.${name}`);
const signal = () => AbortSignal.timeout(10_000);

export interface Consent {
  /** Google's page. */
  url: string;
  /** That binds the consent to this browser. */
  cookie: string;
}

/** Begins to connect, as the app does. */
export async function beginConsent({ origin, accessToken }: ApiClient): Promise<Consent> {
  const response = await fetch(`${origin}/api/google/connect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, origin },
    signal: signal(),
  });
  const [cookie = ''] = response.headers.getSetCookie();
  return {
    url: googleConnectResponseSchema.parse(await response.json()).url,
    cookie: cookie.split(';')[0] ?? '',
  };
}

/** The person decides on Google's page; answers where in the app Google sends the browser. */
export async function decide({ url }: Consent, decision: 'allow' | 'deny', account: string): Promise<string> {
  const form = new FormData();
  form.set('decision', decision);
  form.set('account', account);
  for (const scope of scopes) form.append('scope', scope);
  const response = await fetch(url, { method: 'POST', body: form, redirect: 'manual', signal: signal() });
  return response.headers.get('location') ?? '';
}

/** The browser goes where Google sent it; answers what the app is told of the outcome. */
export async function follow(location: string, { cookie }: Consent): Promise<string | null> {
  const response = await fetch(location, { redirect: 'manual', headers: { cookie }, signal: signal() });
  return new URL(response.headers.get('location') ?? '').searchParams.get('google');
}
