import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functions, type FunctionDefinition, type FunctionName } from '@top-active/lambdas/functions';
import { createHttpApi, createWebSocketApi } from '@top-active/cloud/api-gateway';
import { createEdge } from '@top-active/cloud/edge';
import { startSchedule, startSqsEventSource, startStreamEventSource } from '@top-active/cloud/event-sources';
import type { InvokePermissions } from '@top-active/cloud/iam';
import { freePort } from '@top-active/cloud/loopback';
import { meterInvocations, type CloudMeter } from '@top-active/cloud/metering';
import { accessKeyOf, type Cloud } from './boot-cloud.ts';
import type { Closers } from './closers.ts';
import { awsEnvironment, iamOf, productEnvironment } from './environment.ts';
import { httpRoutes, jwtOf, startFunctions, webSocketFunctions, type InvokeFunction } from './start-functions.ts';
import type { Providers } from './providers.ts';
import { loadFunctions } from './load-functions.ts';
import { waitTelling, type OnSlow } from './slow-wait.ts';
import { startSessionHost, type SessionHostProcess } from './session-host-process.ts';
import { StackError } from './stack-error.ts';
import type { StateFolder } from './state-folder.ts';

const hostId = 'local';
const bundling = () => 'Bundling the functions (once after a change)';
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const chromiumCandidates = [
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/lib/chromium/chromium',
  '/opt/google/chrome/chrome',
];

export interface BootAppOptions {
  state: StateFolder;
  closers: Closers;
  cloud: Cloud;
  providers: Providers;
  port: number;
  originSecret: string;
  /** Counts invocations, API requests, WebSocket messages and logs. */
  meter?: CloudMeter | undefined;
  /** The session host waits for its `start`. */
  holdHost?: boolean | undefined;
  onLog: (line: string) => void;
  /** Told of failures of the embedded cloud itself. */
  onError: (error: unknown) => void;
  onSlow: OnSlow;
}

/** Starts what is deployed in AWS: APIs, functions with their triggers, the session host, and the edge in front. */
export async function bootApp(
  options: BootAppOptions,
): Promise<{ sessionHost: SessionHostProcess; run: (name: FunctionName) => Promise<void> }> {
  const { closers, cloud, providers, port, originSecret, meter, onError, onSlow } = options;
  const onLog = (line: string, writer = 'session-host') => {
    const bytes = Buffer.byteLength(line);
    meter?.count({ service: 'logs', action: 'PutLogEvents', resource: writer, amounts: { bytes } });
    options.onLog(line);
  };
  const webDir = join(repository, 'web', 'dist');
  if (!existsSync(join(webDir, 'index.html')))
    throw new StackError(
      'The web app is not built.',
      'Run npm start, which builds it, or: npm run build --workspace web',
    );

  // The functions need the WebSocket API's address and the WebSocket API needs the functions.
  const webSocketPort = await freePort();
  const realtimeEndpoint = `http://127.0.0.1:${webSocketPort}/live`;
  const environment = {
    cloud,
    providers,
    appOrigin: `http://127.0.0.1:${port}`,
    originSecret,
    realtimeEndpoint: (await meter?.inFrontOf('websocket', realtimeEndpoint)) ?? realtimeEndpoint,
  };
  const bundle = () =>
    startFunctions({
      environment,
      around: (invoke) => (meter ? meterInvocations({ invoke, memoryOf, meter }) : invoke),
      onLog: ({ functionName, line }) => onLog(line, functionName),
    });
  const started = await waitTelling(bundle, { what: bundling, onSlow });
  const { runtime, permissions } = started;
  closers.add(() => runtime.close());
  const invoke = permissions.fromApiGateway;

  const webSocketApi = await createWebSocketApi({
    port: webSocketPort,
    stage: 'live',
    apiId: cloud.deployment.apis.webSocket,
    authorize: cloud.authorizer.authorize,
    ...webSocketFunctions(),
    invoke,
    onError,
  });
  closers.add(() => webSocketApi.close());
  const httpApi = await createHttpApi({ routes: httpRoutes(), jwt: jwtOf(cloud), iam: iamOf(cloud), invoke, onError });
  closers.add(() => httpApi.close());

  // The first that the host asks: it is loaded while the host's own process starts. Should that fail, the end of this
  // says so.
  runtime.warmUp(['host-access']).catch(() => undefined);
  const env = hostEnvironment({
    options,
    values: productEnvironment('session-host', environment),
    hostAccessEndpoint: httpApi.endpoint,
  });
  const sessionHost = startSessionHost({ env, onLog, held: options.holdHost });
  closers.add(() => sessionHost.stop());
  startTriggers({ options, invoke: started.invoke, permissions });

  const edge = await createEdge({
    port,
    webDir,
    httpApiEndpoint: httpApi.endpoint,
    webSocketEndpoint: realtimeEndpoint,
    originSecret,
  });
  closers.add(() => edge.close());
  await loadFunctions({ runtime, names: functions.map(({ name }) => name), onSlow });
  return {
    sessionHost,
    run: async (name) => {
      await permissions.fromEventBridge(name, {});
    },
  };
}

function hostEnvironment({
  options,
  values,
  hostAccessEndpoint,
}: {
  options: BootAppOptions;
  values: ReturnType<typeof productEnvironment>;
  hostAccessEndpoint: string;
}): Record<string, string> {
  const { state, cloud, providers } = options;
  // Only what the container has in AWS: beside it runs a browser with pages of others.
  const deployed = new Set(Object.keys(cloud.deployment.workload('session-host').environment));
  const product = Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value !== undefined && (deployed.has(name) || name === 'SIMULATED') ? [[name, value]] : [],
    ),
  );
  return {
    ...product,
    ...awsEnvironment(cloud, 'session-host', hostId),
    HOST_ACCESS_ENDPOINT: hostAccessEndpoint,
    POWERTOOLS_SERVICE_NAME: 'session-host',
    PATH: process.env.PATH ?? '',
    SCRATCH_DIR: state.part('scratch'),
    CHECKPOINT_DIR: state.part('checkpoints'),
    CHROMIUM_PATH: findChromium(),
    BROWSER_ARGS: JSON.stringify(providers.browserArgs),
    // The simulated WhatsApp is on loopback; its own rules lead there.
    ...(providers.simulated && { BROWSER_EGRESS: 'any' }),
    // A fifth is kept for who was linked before: twenty may begin.
    MAX_SESSIONS: '25',
    // On the simulated WhatsApp nobody is watching for robots: replies needn't be typed at the pace of a person.
    ...(providers.simulated && { TYPING_MS_PER_CHARACTER: '1', TYPING_MIN_MS: '20', TYPING_MAX_MS: '100' }),
    HEALTH_PORT: '0',
  };
}

function findChromium(named = process.env.CHROMIUM_PATH): string {
  if (named && !existsSync(named))
    throw new StackError(
      `CHROMIUM_PATH names ${named}, which does not exist.`,
      'Correct it. Or unset it: then a browser is looked for.',
    );
  const found = [named, ...chromiumCandidates].find((path) => path && existsSync(path));
  if (found) return found;
  throw new StackError(
    'No Chromium was found for the WhatsApp sessions.',
    'Run npm start, which installs one where it can, or set CHROMIUM_PATH.',
  );
}

interface Triggers {
  options: BootAppOptions;
  invoke: InvokeFunction;
  permissions: InvokePermissions;
}

function memoryOf(name: string): number {
  return functions.find((one) => one.name === name)?.memoryMiB ?? 0;
}

function startTriggers(triggers: Triggers): void {
  for (const definition of functions) {
    const source = startTrigger(definition, triggers);
    if (source) triggers.options.closers.add(() => source.stop());
  }
}

function startTrigger({ name, trigger }: FunctionDefinition, { options, invoke, permissions }: Triggers) {
  const { cloud, state, onError } = options;
  // As in AWS, queues and streams are polled with the function's own role.
  const shared = { functionName: name, invoke, onError, accessKeyId: accessKeyOf(name) };
  switch (trigger.kind) {
    case 'queue':
      return startSqsEventSource({
        ...shared,
        endpoint: cloud.endpoints.sqs,
        queueUrl: cloud.assistantQueue.url,
        queueArn: cloud.assistantQueue.arn,
        batchSize: trigger.batchSize,
        maximumConcurrency: trigger.maximumConcurrency,
      });
    case 'stream':
      return startStreamEventSource({
        ...shared,
        dir: state.part('dispatch-positions'),
        endpoint: cloud.endpoints.dynamodb,
        streamArn: cloud.itemsStreamArn,
        filters: trigger.filters,
        batchSize: trigger.batchSize,
        maximumRetryAttempts: trigger.maximumRetryAttempts,
        onFailure: (records) => cloud.keepStreamFailures(name, records),
      });
    case 'schedule':
      return startSchedule({ ...shared, invoke: permissions.fromEventBridge, everyMs: trigger.everyMinutes * 60_000 });
    case 'http':
    case 'websocket':
    case 'websocket-authorizer':
    case 'user-pool':
      // Their API calls them, or the user pool.
      break;
  }
  return undefined;
}
