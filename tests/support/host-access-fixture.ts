import { functions } from '@top-active/lambdas/functions';
import { createHttpApi } from '@top-active/cloud/api-gateway';
import { localShards, type Cloud } from '@top-active/local/stack/boot-cloud';
import type { Closers } from '@top-active/local/stack/closers';
import { iamOf } from '@top-active/local/stack/environment';
import { simulatedProviders } from '@top-active/local/stack/providers';
import { httpRoutes, startFunctions } from '@top-active/local/stack/start-functions';

/** Nobody is there: the function calls no provider, and no browser. */
const nowhere = 'http://127.0.0.1:9';

/** The one function that a session host needs, behind its HTTP API, and no other. Returns the API's address. */
export async function startHostAccess(options: {
  cloud: Cloud;
  closers: Closers;
  shards?: number | undefined;
  onLog: (line: string) => void;
}): Promise<string> {
  const { cloud, closers, onLog, shards = localShards } = options;
  const definitions = functions.filter(({ name }) => name === 'host-access');
  const environment = {
    cloud,
    providers: simulatedProviders({ worldOrigin: nowhere, browserArgs: [], clientSecret: 'none' }),
    appOrigin: nowhere,
    originSecret: 'none',
    realtimeEndpoint: nowhere,
  };
  const { runtime, permissions } = await startFunctions({
    environment,
    definitions,
    instead: { 'host-access': { SHARDS: String(shards) } },
    onLog: ({ line }) => onLog(line),
  });
  closers.add(() => runtime.close());
  const api = await createHttpApi({
    routes: httpRoutes(definitions),
    iam: iamOf(cloud),
    invoke: permissions.fromApiGateway,
  });
  closers.add(() => api.close());
  return api.endpoint;
}
