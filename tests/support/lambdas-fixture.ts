import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createClients,
  createIdentity,
  createPoolClient,
  createRealtime,
  createTenants,
  type Tenant,
  type Tenants,
} from '@top-active/aws';
import { googleConnectResponseSchema, tokenResponseSchema } from '@top-active/core/contracts';
import type { FunctionName } from '@top-active/lambdas/functions';
import { createApiClient, type ApiClient } from '@top-active/local/client/api-client';
import { createHttpApi, createWebSocketApi } from '@top-active/cloud/api-gateway';
import type { CognitoMail } from '@top-active/cloud/cognito';
import { freePort } from '@top-active/cloud/loopback';
import { bootCloud, type BootCloudOptions, type Cloud } from '@top-active/local/stack/boot-cloud';
import { createClosers } from '@top-active/local/stack/closers';
import { awsEnvironmentOfSeveral, iamOf, type EnvironmentInput } from '@top-active/local/stack/environment';
import { simulatedProviders } from '@top-active/local/stack/providers';
import { httpRoutes, jwtOf, startFunctions, webSocketFunctions } from '@top-active/local/stack/start-functions';
import { startCutOffs, type Cut, type CutOffs } from './cut-off.ts';
import { expectNoDenials } from './expect-no-denials.ts';
import { startProviders, type ProvidersFixture } from './providers-fixture.ts';

const originSecret = 'origin-secret';

/** There is no CloudFront in front of these APIs: what it adds to a request is added here. */
function throughTheEdge(event: unknown): unknown {
  const { headers } = Object(event) as { headers?: Record<string, string> };
  return headers ? { ...Object(event), headers: { 'x-origin-secret': originSecret, ...headers } } : event;
}

export interface TestUser {
  api: ApiClient;
  userId: string;
  email: string;
  tenant: Tenant;
}

export interface LambdasFixture {
  /** Of all state. */
  dir: string;
  /** Of app and API at once. */
  origin: string;
  /** `ws://…/live` */
  webSocketUrl: string;
  cloud: Cloud;
  /** What the functions' variables are made from. */
  environment: EnvironmentInput;
  google: ProvidersFixture['google'];
  mails: CognitoMail[];
  openAi: ProvidersFixture['openAi'];
  /** Lines that functions wrote. */
  logs: { functionName: string; line: string }[];
  /** @throws FunctionError when the function fails */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  /** As its schedule does. @throws FunctionError when the function fails */
  run(name: FunctionName): Promise<void>;
  /** Ends the function's worker: the next invocation is a cold start. */
  crash(name: FunctionName): Promise<void>;
  /** The function that `cuttable` names dies there; nowhere any more, when nothing is given. */
  cutOff(cut: Cut | undefined): void;
  /** As session hosts have it; the test's own hand on what is stored. */
  tenantOf(userId: string): Promise<Tenant>;
  /** With caches and a clock of their own, as another process would have. */
  openTenants(now?: () => number): Tenants;
  newEmail(): string;
  codeFor(email: string): string;
  /** Somebody who has registered, confirmed and is logged in. */
  newUser(): Promise<TestUser>;
  /** Takes the user through Google's consent; answers the account's e-mail. */
  connectGoogle(user: TestUser, scopes?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export interface LambdasFixtureOptions extends Pick<BootCloudOptions, 'onAccess' | 'onDenied' | 'cognitoMails'> {
  /** A function that can be made to die at a request to DynamoDB or to Google's calendar. */
  cuttable?: FunctionName | undefined;
}

export const calendarScopes = ['freebusy', 'events'].map((name) => `https://www.googleapis.com/auth/calendar.${name}`);

/** Fails the test run. */
function fail(error: unknown): never {
  throw error;
}

export const testPassword = 'correct horse 1';

/**
 * The functions behind API Gateway's adapters, on emulators of everything they use. Each runs as the bundle that a
 * deployment uploads, with the variables of its template and the credentials of its own role, in a worker that starts
 * with its first invocation. A denied access fails the closing, unless the test takes denials itself.
 *
 * The test itself acts with the rights of all roles, by `process.env`: one fixture in a process at a time.
 */
export async function startLambdasFixture({
  onAccess,
  onDenied,
  cuttable,
  cognitoMails,
}: LambdasFixtureOptions = {}): Promise<LambdasFixture> {
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
    cognitoMails,
    onDenied: onDenied ?? expectNoDenials(closers),
  });

  const [apiPort, socketPort] = [await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${apiPort}`;
  const providers = await startProviders({
    dir: state.part('google'),
    redirectUri: `${origin}/api/google/callback`,
    closers,
  });
  const { clientSecret } = providers;
  const environment: EnvironmentInput = {
    cloud,
    providers: simulatedProviders({ worldOrigin: providers.origin, browserArgs: [], clientSecret }),
    appOrigin: origin,
    originSecret,
    realtimeEndpoint: `http://127.0.0.1:${socketPort}/live`,
  };
  const crash = (name: FunctionName) => started.runtime.crash(name);
  const cuts = cuttable && (await startCuts(cuttable, { environment, closers, crash }));
  const logs: LambdasFixture['logs'] = [];
  const started = await startFunctions({
    environment,
    onLog: (written) => logs.push(written),
    ...(cuttable && { instead: { [cuttable]: cuts?.addresses } }),
  });
  closers.add(() => started.runtime.close());
  const invoke = (name: string, event: unknown) => started.permissions.fromApiGateway(name, throughTheEdge(event));

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
    ...webSocketFunctions(),
    invoke,
  });
  closers.add(() => sockets.close());

  const roles = cloud.deployment.workloads.map(({ name }) => name);
  Object.assign(process.env, awsEnvironmentOfSeveral(cloud, roles));
  const clients = createClients();
  closers.add(() => clients.close());
  const openTenants = (now?: () => number) => {
    const opened = createTenants(clients, {
      env: {
        ITEMS_TABLE: cloud.tables.items,
        KEYS_TABLE: cloud.tables.keys,
        KMS_KEY_ID: cloud.kmsKeyId,
        TENANT_ROLE_ARN: cloud.deployment.workload('assistant').environment.TENANT_ROLE_ARN ?? '',
        SIMULATED: true,
      },
      realtime: createRealtime(clients, { endpoint: sockets.managementEndpoint }),
      now,
    });
    closers.add(() => opened.close());
    return opened;
  };
  const tenants = openTenants();

  const identity = createIdentity(clients, {
    userPoolId: cloud.pool.userPoolId,
    client: createPoolClient(clients, { userPoolId: cloud.pool.userPoolId, clientId: cloud.pool.clientId }),
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
    dir,
    origin,
    webSocketUrl: sockets.endpoint,
    cloud,
    environment,
    google: providers.google,
    mails,
    openAi: providers.openAi,
    logs,
    invoke: started.invoke,
    async run(name) {
      await started.permissions.fromEventBridge(name, {});
    },
    crash,
    cutOff(cut) {
      if (!cuts) throw new Error('This fixture was started without a function that can be cut off.');
      cuts.at(cut);
    },
    tenantOf: (userId) => tenants.for(userId),
    openTenants,
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
      providers.google.ensureAccount({ email, timeZone: 'America/Sao_Paulo' });
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

/** In front of what the function writes to. */
function startCuts(
  name: FunctionName,
  {
    environment: { cloud, providers },
    closers,
    crash,
  }: {
    environment: EnvironmentInput;
    closers: ReturnType<typeof createClosers>;
    crash: (name: FunctionName) => Promise<void>;
  },
): Promise<CutOffs> {
  const targets = {
    AWS_ENDPOINT_URL_DYNAMODB: cloud.endpoints.dynamodb,
    GOOGLE_API_ROOT: providers.google.apiRoot ?? '',
  };
  return startCutOffs({ targets, crash: () => crash(name), closers });
}

function makeDir(dir: string): string {
  mkdirSync(dir, { recursive: true });
  return dir;
}
