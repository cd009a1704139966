import { googleConnectResponseSchema, suggestionsResponseSchema, type Suggestion } from '@top-active/core/contracts';
import { registerUser, until, type AppUser, type WorldClient } from '@top-active/local/client';
import type { Stack } from '@top-active/local/stack';

export interface Owner {
  user: AppUser;
  phone: string;
}

const demoKey = 'sk-simulated-demo-key-0000000000000000000000';
/** Asking more often than the app reads the link state would count as its requests. */
const appPollMs = 1_500;
const scopes = ['freebusy', 'events'].map((name) => `https://www.googleapis.com/auth/calendar.${name}`);

/** Somebody with an OpenAI key and a calendar, but nothing linked yet. */
export async function newOwner({
  stack,
  world,
  number,
}: {
  stack: Stack;
  world: WorldClient;
  number: number;
}): Promise<Owner> {
  const phone = `55119800${String(number).padStart(5, '0')}`;
  await world.addPhone({ number: phone, name: `Owner ${number}` });
  const email = `owner-${number}@example.com`;
  const user = await registerUser({ origin: stack.appOrigin, world, email, name: `Owner ${number}` });
  await user.api.request('/api/credentials/openai', { method: 'PUT', body: { key: demoKey } });
  await connectGoogle({ user, origin: stack.appOrigin, email });
  await user.acceptLinkNotice();
  return { user, phone };
}

async function connectGoogle({ user, origin, email }: { user: AppUser; origin: string; email: string }): Promise<void> {
  const { url } = await user.api.request('/api/google/connect', {
    method: 'POST',
    answer: googleConnectResponseSchema,
  });
  const form = new FormData();
  form.set('decision', 'allow');
  form.set('account', email);
  for (const scope of scopes) form.append('scope', scope);
  const consent = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
  await user.api.request((consent.headers.get('location') ?? '').replace(origin, ''));
}

/** Links the owner's WhatsApp as the app does: connect, show the code, wait. */
export async function linkOwner({ user, phone }: Owner, world: WorldClient): Promise<void> {
  await user.api.request('/api/whatsapp/connect', { method: 'POST', body: {} });
  const code = await until(async () => (await user.status()).qr?.code, {
    what: 'a QR code',
    timeoutMs: 60_000,
    everyMs: appPollMs,
  });
  await world.scan(phone, code);
  await until(async () => ((await user.status()).state === 'linked' ? true : undefined), {
    what: 'the link',
    timeoutMs: 60_000,
    everyMs: appPollMs,
  });
}

/** The chat's pending suggestion. @throws Error when there is none */
export async function pendingSuggestion(user: AppUser, chatId: string): Promise<Suggestion> {
  const path = `/api/suggestions?state=pending&chatId=${chatId}`;
  const { items } = await user.api.request(path, { answer: suggestionsResponseSchema });
  const [pending] = items;
  if (!pending) throw new Error('There is no pending suggestion');
  return pending;
}
