import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functions, type FunctionDefinition, type FunctionName } from '@top-active/lambdas/functions';
import type { HttpApiOptions } from '@top-active/cloud/api-gateway';
import { createInvokePermissions, type InvokePermissions } from '@top-active/cloud/iam';
import {
  bundleCache,
  createLambdaRuntime,
  type LambdaRuntime,
  type LambdaRuntimeOptions,
} from '@top-active/cloud/lambda-runtime';
import type { Cloud } from './boot-cloud.ts';
import { functionEnvironment, type EnvironmentInput } from './environment.ts';
import type { Providers } from './providers.ts';

export type InvokeFunction = (name: string, event: unknown) => Promise<unknown>;

export interface StartFunctionsOptions {
  environment: EnvironmentInput;
  onLog: LambdaRuntimeOptions['onLog'];
  /** All of them, unless told. */
  definitions?: readonly FunctionDefinition[] | undefined;
  /** Put around each invocation, to measure it. */
  around?: ((invoke: InvokeFunction) => InvokeFunction) | undefined;
  /** For tests: variables that a function gets in place of its own. */
  instead?: Readonly<Partial<Record<FunctionName, Readonly<Record<string, string>>>>> | undefined;
  /** For tests that replace a part of the product in its bundles; those have a folder of their own. */
  replaced?: { plugins: LambdaRuntimeOptions['plugins']; dir: string } | undefined;
}

export interface StartedFunctions {
  runtime: LambdaRuntime;
  /** As the owner of the functions. */
  invoke: InvokeFunction;
  /** As services of AWS, where the templates let them. */
  permissions: InvokePermissions;
}

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The product's functions as they are deployed: each as its bundle, with the variables of its template and the
 * credentials of its role. Each begins with its first invocation.
 */
export async function startFunctions(options: StartFunctionsOptions): Promise<StartedFunctions> {
  const { environment, onLog, definitions = functions, around = (invoke) => invoke, instead, replaced } = options;
  const { cloud, providers } = environment;
  putGoogleClientSecret(cloud, providers);
  const runtime = await createLambdaRuntime({
    functions: definitions.map((definition) => ({
      name: definition.name,
      entry: join(repository, definition.entry),
      env: { ...functionEnvironment(definition, environment), ...instead?.[definition.name] },
      timeoutMs: definition.timeoutSeconds * 1_000,
      memoryMb: definition.memoryMiB,
    })),
    dir: replaced?.dir ?? bundleCache,
    plugins: replaced?.plugins,
    onLog,
  });
  const invoke = around((name, event) => runtime.invoke(name, event));
  const { authorizer, deployment } = cloud;
  const permissions = createInvokePermissions({ authorizer, deployment, invoke });
  cloud.callTriggers(permissions.fromCognito);
  return { runtime, invoke, permissions };
}

/** Routes of the HTTP API. */
export function httpRoutes(definitions: readonly FunctionDefinition[] = functions) {
  return definitions.flatMap(({ name, trigger }) =>
    trigger.kind === 'http'
      ? trigger.routes.map((route) => ({
          key: `${route.method} ${route.path}`,
          functionName: name,
          authorizer: route.authorizer,
        }))
      : [],
  );
}

/** Who serves the WebSocket API. */
export function webSocketFunctions() {
  const found = functions.find(({ trigger }) => trigger.kind === 'websocket');
  if (found?.trigger.kind !== 'websocket') throw new Error('No function serves the WebSocket API');
  const { authorizer: authorizerName } = found.trigger;
  const authorizer = functions.find(({ name }) => name === authorizerName);
  if (authorizer?.trigger.kind !== 'websocket-authorizer') throw new Error('No function authorizes WebSockets');
  return {
    authorizerFunction: authorizer.name,
    identitySources: [authorizer.trigger.identitySource],
    connectFunction: found.name,
    disconnectFunction: found.name,
    defaultFunction: found.name,
  };
}

/** How the HTTP API knows the tokens of our user pool. */
export function jwtOf({ pool }: Cloud): HttpApiOptions['jwt'] {
  return { issuer: pool.issuer, audience: pool.clientId, jwksUri: pool.jwksUri };
}

function putGoogleClientSecret(cloud: Cloud, { google }: Providers): void {
  const arns = cloud.deployment.workloads.map(({ environment }) => environment.GOOGLE_CLIENT_SECRET_ARN);
  for (const arn of new Set(arns)) if (arn !== undefined) cloud.putSecret(arn, google.clientSecret);
}
