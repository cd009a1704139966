import type { UserId } from '@top-active/core/contracts';
import type { AwsEnv } from './env.ts';
import type { Log } from './log.ts';
import type { WakeQueue } from './queues.ts';
import type { Realtime } from './realtime.ts';
import type { Tenant } from './tenant.ts';

export interface Tenants {
  /**
   * The user's tenant, with credentials confined to that user (AssumeRole with the session tag `userId`, kept at most
   * 15 minutes). The id must come from a verified token, ticket, queue message or placement; never from a request body.
   */
  for(userId: UserId): Promise<Tenant>;
  /** Waits for hints that are still on their way, and forgets cached credentials and keys. */
  close(): Promise<void>;
}

export interface TenantsOptions {
  env: Pick<AwsEnv, 'ITEMS_TABLE' | 'KEYS_TABLE' | 'KMS_KEY_ID' | 'TENANT_ROLE_ARN' | 'SIMULATED'>;
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
