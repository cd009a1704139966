import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { createClients, createIdentity, createRealtime, createTenants, type Tenant } from '@top-active/aws';
import { googleConnectResponseSchema, tokenResponseSchema } from '@top-active/core/contracts';
import { functions } from '@top-active/lambdas/functions';
import { Hono } from 'hono';
import { z } from 'zod';
import { handler as account } from '@top-active/lambdas/account/account.handler';
import { handler as auth } from '@top-active/lambdas/auth/auth.handler';
import { handler as chats } from '@top-active/lambdas/chats/chats.handler';
import { handler as credentials } from '@top-active/lambdas/credentials/credentials.handler';
import { handler as google } from '@top-active/lambdas/google/google.handler';
import { handler as hostAccess } from '@top-active/lambdas/host-access/host-access.handler';
import { handler as realtimeAuthorizer } from '@top-active/lambdas/realtime-authorizer/realtime-authorizer.handler';
import { handler as realtime } from '@top-active/lambdas/realtime/realtime.handler';
import { handler as whatsapp } from '@top-active/lambdas/whatsapp/whatsapp.handler';
import { createApiClient, type ApiClient } from '@top-active/local/client/api-client';
import { createHttpApi, createWebSocketApi } from '@top-active/cloud/api-gateway';
import type { CognitoMail } from '@top-active/cloud/cognito';
import { freePort } from '@top-active/cloud/loopback';
import { createGoogleWorld, type GoogleWorld } from '@top-active/world/google';
import { bootCloud, type BootCloudOptions, type Cloud } from '@top-active/local/stack/boot-cloud';
import { createClosers } from '@top-active/local/stack/closers';
import { expectNoDenials } from './expect-no-denials.ts';
import { awsEnvironmentOfSeveral, iamOf, productEnvironment } from '@top-active/local/stack/environment';
import { simulatedGoogleClientId, simulatedProviders } from '@top-active/local/stack/providers';

const httpEvent = z.custom<Parameters<typeof auth>[0]>();
const lambdaContext = z.custom<Parameters<typeof auth>[1]>().parse({});
const authorizerEvent = z.custom<Parameters<typeof realtimeAuthorizer>[0]>();
const socketEvent = z.custom<Parameters<typeof realtime>[0]>();

const handlers: Readonly<Record<string, (event: unknown) => Promise<unknown>>> = {
  auth: (event) => auth(httpEvent.parse(event), lambdaContext),
  account: (event) => account(httpEvent.parse(event), lambdaContext),
  credentials: (event) => credentials(httpEvent.parse(event), lambdaContext),
  'host-access': (event) => hostAccess(httpEvent.parse(event), lambdaContext),
  google: (event) => google(httpEvent.parse(event), lambdaContext),
  whatsapp: (event) => whatsapp(httpEvent.parse(event), lambdaContext),
  chats: (event) => chats(httpEvent.parse(event), lambdaContext),
  'realtime-authorizer': (event) => realtimeAuthorizer(authorizerEvent.parse(event)),
  realtime: (event) => realtime(socketEvent.parse(event)),
};

/** Through JSON, as on the way to Lambda. */
async function invoke(name: string, event: unknown): Promise<unknown> {
  const received: unknown = JSON.parse(JSON.stringify(event));
  return handlers[name]?.(throughTheEdge(received));
}

const originSecret = 'origin-secret';

/** There is no CloudFront in front of these APIs: what it adds to a request is added here. */
function throughTheEdge(event: unknown): unknown {
  const { headers } = Object(event) as { headers?: Record<string, string> };
  return headers ? { ...Object(event), headers: { 'x-origin-secret': originSecret, ...headers } } : event;
}

/** What a test's OpenAI answers to a request. */
type OpenAiAnswer = (request: { path: string; key: string; body: unknown }) => OpenAiReply | Promise<OpenAiReply>;

export interface OpenAiReply {
  status: number;
  body: object;
}

export interface TestUser {
  api: ApiClient;
  userId: string;
  email: string;
  tenant: Tenant;
}

export interface LambdasFixture {
  /** Of app and API at once. */
  origin: string;
  /** `ws://…/live` */
  webSocketUrl: string;
  cloud: Cloud;
  google: GoogleWorld;
  mails: CognitoMail[];
  /** 401 for every key until a test says otherwise. */
  openAi: { answer: OpenAiAnswer };
  tenantOf(userId: string): Promise<Tenant>;
  newEmail(): string;
  codeFor(email: string): string;
  /** Somebody who has registered, confirmed and is logged in. */
  newUser(): Promise<TestUser>;
  /** Takes the user through Google's consent; answers the account's e-mail. */
  connectGoogle(user: TestUser, scopes?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export const calendarScopes = ['freebusy', 'events'].map((name) => `https://www.googleapis.com/auth/calendar.${name}`);

/** Fails the test run. */
function fail(error: unknown): never {
  throw error;
}

export const testPassword = 'correct horse 1';

/**
 * The HTTP and WebSocket functions behind API Gateway's adapters, on emulators of everything they use, in this process.
 * A denied access fails the closing, unless the test takes denials itself. They read their environment from `process.env`, so one at a time.
 */
export async function startLambdasFixture({
  onAccess,
  onDenied,
}: Pick<BootCloudOptions, 'onAccess' | 'onDenied'> = {}): Promise<LambdasFixture> {
  const closers = createClosers();
  const dir = mkdtempSync(join(tmpdir(), 'lambdas-'));
  closers.add(() => rmSync(dir, { recursive: true, force: true }));
  const state = { dir, part: (name: string) => makeDir(join(dir, name)), release: () => undefined };
  const mails: CognitoMail[] = [];
  const cloud = await bootCloud({
    state,
    closers,
    onEmail: (mail) => mails.push(mail),
    onError: fail,
    onAccess,
    onDenied: onDenied ?? expectNoDenials(closers),
  });

  const [apiPort, socketPort] = [await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${apiPort}`;
  const googleWorld = createGoogleWorld({ dir: state.part('google') });
  closers.add(() => googleWorld.close());
  const clientSecret = 'google-client-secret';
  googleWorld.registerClient({
    clientId: simulatedGoogleClientId,
    clientSecret,
    redirectUris: [`${origin}/api/google/callback`],
  });
  const openAi: LambdasFixture['openAi'] = {
    answer: () => ({ status: 401, body: { error: { code: 'invalid_api_key' } } }),
  };
  cloud.putSecret(cloud.deployment.workload('google').environment.GOOGLE_CLIENT_SECRET_ARN ?? '', clientSecret);
  const worldOrigin = await startWorld({ googleWorld, openAi, closers });
  Object.assign(
    process.env,
    awsEnvironmentOfSeveral(
      cloud,
      functions.map(({ name }) => name),
    ),
    defined(
      // Of the functions the assistant names nearly every variable, and the tenant role that opens secrets.
      productEnvironment('assistant', {
        cloud,
        providers: simulatedProviders({ worldOrigin, browserArgs: [], clientSecret }),
        appOrigin: origin,
        originSecret,
        realtimeEndpoint: `http://127.0.0.1:${socketPort}/live`,
      }),
    ),
  );

  const http = await createHttpApi({
    port: apiPort,
    routes: httpRoutes(),
    jwt: jwtOf(cloud),
    iam: iamOf(cloud),
    invoke,
  });
  closers.add(() => http.close());
  const sockets = await createWebSocketApi({
    port: socketPort,
    stage: 'live',
    apiId: cloud.deployment.apis.webSocket,
    authorize: cloud.authorizer.authorize,
    authorizerFunction: 'realtime-authorizer',
    connectFunction: 'realtime',
    disconnectFunction: 'realtime',
    defaultFunction: 'realtime',
    invoke,
  });
  closers.add(() => sockets.close());

  const clients = createClients();
  closers.add(() => clients.close());
  const tenants = createTenants(clients, {
    env: {
      ITEMS_TABLE: cloud.tables.items,
      KEYS_TABLE: cloud.tables.keys,
      KMS_KEY_ID: cloud.kmsKeyId,
      TENANT_ROLE_ARN: process.env.TENANT_ROLE_ARN ?? '',
      SIMULATED: true,
    },
    realtime: createRealtime(clients, { endpoint: sockets.managementEndpoint }),
  });
  closers.add(() => tenants.close());

  const identity = createIdentity(clients, {
    userPoolId: cloud.pool.userPoolId,
    clientId: cloud.pool.clientId,
    limitsTable: cloud.tables.limits,
  });
  let people = 0;
  const newEmail = () => `person-${(people += 1)}@example.com`;
  const codeFor = (email: string) => {
    const mail = mails.findLast(({ to }) => to === email);
    if (!mail) throw new Error(`No mail for ${email}`);
    return mail.code;
  };

  return {
    origin,
    webSocketUrl: sockets.endpoint,
    cloud,
    google: googleWorld,
    mails,
    openAi,
    tenantOf: (userId) => tenants.for(userId),
    newEmail,
    codeFor,
    async newUser() {
      const email = newEmail();
      const api = createApiClient(origin);
      // Many people register in one test, each from an address of their own.
      const headers = { 'cloudfront-viewer-address': `172.16.${people >> 8}.${people & 255}:443` };
      // Past the API, which lets nobody know sooner than after a second and a half.
      const { session } = await identity.signUp({ email, password: testPassword, name: 'Ana Souza', locale: 'pt-BR' });
      const { accessToken, userId } = await api.request('/api/auth/confirm', {
        method: 'POST',
        headers,
        body: { email, code: codeFor(email), session },
        answer: tokenResponseSchema,
      });
      api.accessToken = accessToken;
      return { api, userId, email, tenant: await tenants.for(userId) };
    },
    async connectGoogle(user, scopes = calendarScopes) {
      const email = `calendar-of-${user.email}`;
      googleWorld.ensureAccount({ email, timeZone: 'America/Sao_Paulo' });
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
      return email;
    },
    close: () => closers.closeAll(),
  };
}

/** Google and OpenAI at one address. */
async function startWorld({
  googleWorld,
  openAi,
  closers,
}: {
  googleWorld: GoogleWorld;
  openAi: LambdasFixture['openAi'];
  closers: ReturnType<typeof createClosers>;
}): Promise<string> {
  const app = new Hono();
  app.route('/google', googleWorld.app);
  app.all('/openai/v1/*', async (c) => {
    const text = await c.req.text();
    const { status, body } = await openAi.answer({
      path: c.req.path.replace('/openai/v1', ''),
      key: (c.req.header('authorization') ?? '').replace('Bearer ', ''),
      body: text === '' ? undefined : JSON.parse(text),
    });
    return Response.json(body, { status });
  });
  const port = await freePort();
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
  closers.add(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  );
  return `http://127.0.0.1:${port}`;
}

function httpRoutes() {
  return functions.flatMap(({ name, trigger }) =>
    trigger.kind === 'http' && handlers[name]
      ? trigger.routes.map(({ method, path, authorizer }) => ({
          key: `${method} ${path}`,
          functionName: name,
          authorizer,
        }))
      : [],
  );
}

function jwtOf({ pool }: Cloud) {
  return { issuer: pool.issuer, audience: pool.clientId, jwksUri: pool.jwksUri };
}

function makeDir(dir: string): string {
  mkdirSync(dir, { recursive: true });
  return dir;
}

function defined(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
