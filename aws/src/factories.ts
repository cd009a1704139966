// Signatures of the factories; each moves to its own module together with its implementation.
import type { AwsClients } from './clients.ts';
import type { Identity } from './identity.ts';
import type { Limiter } from './limiter.ts';
import type { Log, LogFields } from './log.ts';
import type { Placements } from './placements.ts';
import type { AssistantQueue, WakeQueue, WakeReceiver } from './queues.ts';
import type { Realtime } from './realtime.ts';
import type { Tenants, TenantsOptions } from './tenants.ts';

export declare function createClients(): AwsClients;
export declare function createTenants(clients: AwsClients, options: TenantsOptions): Tenants;
export declare function createPlacements(clients: AwsClients, options: { table: string; shards: number }): Placements;
export declare function createLimiter(
  clients: AwsClients,
  options: { table: string; now?: (() => number) | undefined },
): Limiter;
export declare function createIdentity(
  clients: AwsClients,
  options: { userPoolId: string; clientId: string; limitsTable: string; now?: (() => number) | undefined },
): Identity;
export declare function createWakeQueue(
  clients: AwsClients,
  options: { urlTemplate: string; shards: number },
): WakeQueue;
export declare function createWakeReceiver(
  clients: AwsClients,
  options: { urlTemplate: string; shard: number },
): WakeReceiver;
export declare function createAssistantQueue(clients: AwsClients, options: { url: string }): AssistantQueue;
export declare function createRealtime(clients: AwsClients, options: { endpoint: string }): Realtime;
/** Value of a secret in Secrets Manager, cached for 5 minutes. */
export declare function readSecretString(clients: AwsClients, arn: string): Promise<string>;
export declare const logger: Log;
/** Every line logged within `run`, also after awaits, carries `fields`. */
export declare function withLogFields<T>(fields: LogFields, run: () => T): T;
