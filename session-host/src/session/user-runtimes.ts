import type { UserId } from '@top-active/core/contracts';
import { withLogFields, type Tenants } from '@top-active/aws';
import { createUserRuntime, type RuntimeDeps, type UserRuntime } from './user-runtime.ts';

export interface UserRuntimes {
  /** The user's runtime, made when it isn't there yet. Rejects for users that aren't served here. */
  for(userId: UserId): Promise<UserRuntime>;
  all(): UserRuntime[];
  readonly running: number;
  /** Stops those of these users, and forgets them and their credentials. No new ones may be asked for meanwhile. */
  release(belongs: (userId: UserId) => boolean, options: { drainMs: number }): Promise<void>;
}

/** One runtime per user, whoever asks first. */
export function createUserRuntimes({
  tenants,
  serves,
  admits,
  deps,
}: {
  tenants: Tenants;
  serves: (userId: UserId) => boolean;
  /** Whether one more session fits beside so many. */
  admits: (running: number, session: { isLinked: boolean }) => boolean;
  deps: Omit<RuntimeDeps, 'hasRoom' | 'epoch'> & { epochOf: (userId: UserId) => number };
}): UserRuntimes {
  const ready = new Map<UserId, UserRuntime>();
  const making = new Map<UserId, Promise<UserRuntime>>();

  const running = () => [...ready.values()].filter((runtime) => runtime.isRunning).length;

  async function make(userId: UserId): Promise<UserRuntime> {
    try {
      const epoch = deps.epochOf(userId);
      const tenant = await tenants.for(userId, { epoch });
      const runtime = await createUserRuntime(tenant, {
        ...deps,
        epoch,
        hasRoom: (session) => admits(running(), session),
      });
      ready.set(userId, runtime);
      return runtime;
    } finally {
      making.delete(userId);
    }
  }

  return {
    all: () => [...ready.values()],
    get running() {
      return running();
    },
    async for(userId) {
      const runtime = ready.get(userId);
      if (runtime) return runtime;
      if (!serves(userId)) throw new Error('The user belongs to a shard that this host does not hold, or leaves');
      let promise = making.get(userId);
      if (!promise) {
        // Whatever the user's session does later is logged with the user's id.
        promise = withLogFields({ userId }, () => make(userId));
        making.set(userId, promise);
      }
      return promise;
    },
    async release(belongs, { drainMs }) {
      await Promise.allSettled([...making].filter(([userId]) => belongs(userId)).map(([, promise]) => promise));
      const leaving = [...ready.values()].filter(({ userId }) => belongs(userId));
      await Promise.all(
        leaving.map(async (runtime) => {
          await runtime.stop({ drainMs });
          ready.delete(runtime.userId);
          await tenants.forget(runtime.userId);
        }),
      );
    },
  };
}
