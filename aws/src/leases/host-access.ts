import { setTimeout as sleep } from 'node:timers/promises';
import {
  askRoute,
  hostAccessRoutes,
  problemSchema,
  type Problem,
  type RouteRequest,
  type TakeShardsRequest,
  type TakeShardsResponse,
} from '@top-active/core/contracts';
import type { AwsClients } from '../calls/clients.ts';
import { metrics } from '../metrics/metrics.ts';
import { createSignedFetch } from '../calls/signed-fetch.ts';
import { TenantAccessRefused, type TenantCredentialSource } from '../tenants/tenant-credentials.ts';

/** How many calls ended how, since the start. */
export interface HostAccessCalls {
  granted: number;
  refused: number;
  failed: number;
}

/** Calls of a session host to the function that decides for whom it may act. */
export interface HostAccess {
  /**
   * Credentials for a user of a shard that this host holds. Rejects with TenantAccessRefused, naming shard and reason.
   */
  readonly credentials: TenantCredentialSource;
  takeShards(request: TakeShardsRequest): Promise<TakeShardsResponse>;
  readonly calls: Readonly<HostAccessCalls>;
}

/** As long as the function may take, its cold start included. */
const timeoutMs = 10_000;
/** Milliseconds before the second, third and fourth try; together longer than it takes until the next heartbeat. */
const defaultPauses = [200, 1_000, 5_000];

export function createHostAccess(
  clients: AwsClients,
  { endpoint, pausesMs = defaultPauses }: { endpoint: string; pausesMs?: readonly number[] | undefined },
): HostAccess {
  const send = createSignedFetch(clients);
  const calls = { granted: 0, refused: 0, failed: 0 };

  async function ask<A>({ method, path, body, answer: schema }: RouteRequest<A>): Promise<A> {
    for (let attempt = 0; ; attempt++) {
      const answer = await askOnce({ method, path, body }).catch((error: unknown) => ({ error }));
      if ('value' in answer) {
        calls.granted++;
        return schema.parse(answer.value);
      }
      const pause = pausesMs[attempt];
      const isFinal = pause === undefined || ('problem' in answer && !isPassing(answer.problem));
      if (isFinal) {
        const isRefused = 'problem' in answer;
        calls[isRefused ? 'refused' : 'failed']++;
        metrics.emit(isRefused ? 'HostAccessRefusals' : 'HostAccessFailures');
        throw 'problem' in answer ? new TenantAccessRefused(answer.problem.detail) : asError(answer.error);
      }
      await sleep(pause);
    }
  }

  async function askOnce({
    method,
    path,
    body,
  }: Omit<RouteRequest<unknown>, 'answer'>): Promise<{ value: unknown } | { problem: Problem }> {
    const response = await send({ method, url: endpoint.replace(/\/$/, '') + path, body, timeoutMs });
    if (response.ok) return { value: await response.json() };
    // An answer without JSON isn't a problem document of ours; the next lines go by its status.
    const problem = problemSchema.safeParse(await response.json().catch(() => undefined));
    // Without a problem it is API Gateway that refuses, or a function that failed.
    if (!problem.success || response.status >= 500) throw new Error(`${path} answered ${response.status}`);
    return { problem: problem.data };
  }

  return {
    calls,
    async credentials(userId) {
      const request = askRoute(hostAccessRoutes, 'POST /internal/tenant-sessions', { body: { userId } });
      const { expiration, ...keys } = await ask(request);
      return { ...keys, expiration: new Date(expiration) };
    },
    takeShards: (body) => ask(askRoute(hostAccessRoutes, 'POST /internal/shards', { body })),
  };
}

/** A refusal for a late heartbeat passes: the next heartbeat follows. */
function isPassing({ errors = [] }: Problem): boolean {
  return errors.some(({ field }) => field === 'heartbeat');
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
