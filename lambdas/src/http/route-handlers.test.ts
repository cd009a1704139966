import {
  accountRoutes,
  authRoutes,
  chatsRoutes,
  credentialsRoutes,
  googleRoutes,
  hostAccessRoutes,
  whatsAppRoutes,
} from '@top-active/core/contracts';
import { describe, expect, it } from 'vitest';
import { createAccountApp } from '../account/account.app.ts';
import { createAuthApp } from '../auth/auth.app.ts';
import { createChatsApp } from '../chats/chats.app.ts';
import { createCredentialsApp } from '../credentials/credentials.app.ts';
import { functions } from '../functions.ts';
import { createGoogleApp } from '../google/google.app.ts';
import { createHostAccessApp } from '../host-access/host-access.app.ts';
import { createWhatsAppApp } from '../whatsapp/whatsapp.app.ts';
import type { HttpApp } from './http-env.ts';

/** Nothing is asked of the apps here but what they handle. */
const unused = {} as never;
const appOrigin = 'https://app.example.com';
const verifyAccessToken = () => Promise.resolve(undefined);
const withOrigin = { appOrigin, verifyAccessToken } as never;

const apps = {
  auth: { app: createAuthApp(withOrigin), described: authRoutes },
  account: {
    app: createAccountApp({ tenants: unused, verifyAccessToken, appOrigin, version: 'test', simulated: true }),
    described: accountRoutes,
  },
  credentials: { app: createCredentialsApp(withOrigin), described: credentialsRoutes },
  google: { app: createGoogleApp(withOrigin), described: googleRoutes },
  whatsapp: { app: createWhatsAppApp(withOrigin), described: whatsAppRoutes },
  chats: { app: createChatsApp({ tenants: unused, verifyAccessToken }), described: chatsRoutes },
  'host-access': { app: createHostAccessApp(unused), described: hostAccessRoutes },
};

/** Lines of the routes that have a handler, without those that only ask who calls. */
function handledBy(app: HttpApp): string[] {
  const lines = app.routes
    .filter(({ method, handler }) => method !== 'ALL' && !/^require(Identity|Host)$/.test(handler.name))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  return [...new Set(lines)].toSorted();
}

describe('the app of a function', () => {
  it.each(Object.entries(apps))('%s handles each route that is described for it, and no other', (_, one) => {
    expect(handledBy(one.app)).toEqual(Object.keys(one.described).toSorted());
  });

  it('is looked at here, whichever function has routes', () => {
    const names = functions.filter(({ trigger }) => trigger.kind === 'http').map(({ name }) => name);
    expect(Object.keys(apps).toSorted()).toEqual(names.toSorted());
  });
});
