import { fileURLToPath } from 'node:url';
import { environmentOf, functions } from '@top-active/lambdas/functions';
import { createHttpApi } from '@top-active/cloud/api-gateway';
import { createLambdaRuntime } from '@top-active/cloud/lambda-runtime';
import { localShards, type Cloud } from '@top-active/local/stack/boot-cloud';
import type { Closers } from '@top-active/local/stack/closers';
import { awsEnvironment, iamOf } from '@top-active/local/stack/environment';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The one function that a session host needs, behind its HTTP API, and no other. Returns the API's address. */
export async function startHostAccess(options: {
  cloud: Cloud;
  closers: Closers;
  /** For its bundle. */
  dir: string;
  shards?: number | undefined;
  onLog: (line: string) => void;
}): Promise<string> {
  const { cloud, closers, dir, onLog, shards = localShards } = options;
  const definition = functions.find(({ name }) => name === 'host-access');
  if (definition?.trigger.kind !== 'http') throw new Error('There is no function host-access');
  const values = {
    STAGE: 'local',
    LEASES_TABLE: cloud.tables.leases,
    PLACEMENTS_TABLE: cloud.tables.placements,
    TENANT_ROLE_ARN: cloud.deployment.workload('host-access').environment.TENANT_ROLE_ARN,
    SHARDS: String(shards),
  };
  const runtime = await createLambdaRuntime({
    functions: [
      {
        name: definition.name,
        entry: repository + definition.entry,
        env: { ...awsEnvironment(cloud, definition.name), ...environmentOf(definition, values) },
        timeoutMs: definition.timeoutSeconds * 1_000,
        memoryMb: definition.memoryMiB,
      },
    ],
    dir,
    onLog: ({ line }) => onLog(line),
  });
  closers.add(() => runtime.close());
  const api = await createHttpApi({
    routes: definition.trigger.routes.map(({ method, path, authorizer }) => ({
      key: `${method} ${path}`,
      functionName: definition.name,
      authorizer,
    })),
    iam: iamOf(cloud),
    invoke: (name, event) => runtime.invoke(name, event),
  });
  closers.add(() => api.close());
  return api.endpoint;
}
