import { userIdSchema, type UserId } from '@top-active/core/contracts';
import { LRUCache } from 'lru-cache';
import type { AwsClients } from '../calls/clients.ts';
import type { AwsEnv } from '../env.ts';
import type { Log } from '../logs/log.ts';
import type { WakeQueue } from '../calls/queues.ts';
import type { Realtime } from '../events/realtime.ts';
import { assumeTenantRole, keepTenantCredentials, type TenantCredentialSource } from './tenant-credentials.ts';
import { createTenant, type Tenant } from './tenant.ts';

export interface Tenants {
  /**
   * The user's tenant, with credentials confined to that user (the tenant role with the session tag `userId`, kept at
   * most 15 minutes). The id must come from a verified token, queue message or placement, or from a ticket or login
   * cookie, which the tenant's own items have to confirm before anything else; never from a request body. A host tells
   * the `epoch` of its term over the user's shard, so that nothing it writes counts when the term is over.
   */
  for(userId: UserId, term?: { epoch: number }): Promise<Tenant>;
  /** As `close`, for one user. */
  forget(userId: UserId): Promise<void>;
  /** Waits for hints that are still on their way, and forgets cached credentials and keys. */
  close(): Promise<void>;
}

type TenantEnv = Pick<AwsEnv, 'ITEMS_TABLE' | 'KEYS_TABLE' | 'KMS_KEY_ID' | 'SIMULATED'>;

/** Credentials come from STS, for the role named, or from a source of the caller's. */
export type TenantsOptions = CommonOptions &
  (
    | { env: TenantEnv & Pick<AwsEnv, 'TENANT_ROLE_ARN'>; credentials?: undefined }
    | { env: TenantEnv; credentials: TenantCredentialSource }
  );

interface CommonOptions {
  /** Pushes hints to the user's WebSockets. Without it nothing is pushed. */
  realtime?: Realtime | undefined;
  /** Wakes hosts for new commands. Without it only maintenance does. */
  wakeQueue?: WakeQueue | undefined;
  log?: Log | undefined;
  /**
   * Whether a commit waits (briefly) for its hints. True by default, since Lambda freezes what is still running after
   * the answer; a long-lived host says false.
   */
  awaitHints?: boolean | undefined;
  now?: (() => number) | undefined;
}

interface Opened {
  tenant: Tenant;
  assume: () => Promise<unknown>;
  epoch: number | undefined;
}

const maxTenants = 1_000;

export function createTenants(clients: AwsClients, options: TenantsOptions): Tenants {
  const { env, now = Date.now } = options;
  const source = options.credentials ?? assumeTenantRole({ sts: clients.sts, roleArn: options.env.TENANT_ROLE_ARN });
  const tenants = new LRUCache<UserId, Opened>({ max: maxTenants });

  function open(userId: UserId, epoch: number | undefined): Opened {
    const assume = keepTenantCredentials({ source, userId, now });
    const tenant = createTenant({
      userId,
      clients: clients.withCredentials(assume),
      tables: { items: env.ITEMS_TABLE, keys: env.KEYS_TABLE },
      kmsKeyId: env.KMS_KEY_ID,
      simulated: env.SIMULATED,
      epoch,
      realtime: options.realtime,
      wakeQueue: options.wakeQueue,
      log: options.log,
      awaitHints: options.awaitHints,
      now,
    });
    return { tenant, assume, epoch };
  }

  return {
    async for(userId, term) {
      const epoch = term?.epoch;
      const known = tenants.get(userId);
      const opened = known && known.epoch === epoch ? known : open(userIdSchema.parse(userId), epoch);
      tenants.set(userId, opened);
      // Here rather than at the first read, so that a refusal names its cause.
      await opened.assume();
      return opened.tenant;
    },
    async forget(userId) {
      const opened = tenants.get(userId);
      tenants.delete(userId);
      await opened?.tenant.settled();
    },
    async close() {
      await Promise.all([...tenants.values()].map(({ tenant }) => tenant.settled()));
      tenants.clear();
    },
  };
}
