import type { UserId } from '@top-active/core/contracts';
import { withLogFields, type Tenants } from '@top-active/aws';
import { createUserRuntime, type RuntimeDeps, type UserRuntime } from './user-runtime.ts';

export interface UserRuntimes {
  /** The user's runtime, made when it isn't there yet. */
  for(userId: UserId): Promise<UserRuntime>;
  all(): UserRuntime[];
  readonly running: number;
}

/** One runtime per user, whoever asks first. */
export function createUserRuntimes({
  tenants,
  admits,
  deps,
}: {
  tenants: Tenants;
  /** Whether one more session fits beside so many. */
  admits: (running: number) => boolean;
  deps: Omit<RuntimeDeps, 'hasRoom'>;
}): UserRuntimes {
  const ready = new Map<UserId, UserRuntime>();
  const making = new Map<UserId, Promise<UserRuntime>>();

  const running = () => [...ready.values()].filter((runtime) => runtime.isRunning).length;

  async function make(userId: UserId): Promise<UserRuntime> {
    try {
      const tenant = await tenants.for(userId);
      const runtime = await createUserRuntime(tenant, { ...deps, hasRoom: () => admits(running()) });
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
      let promise = making.get(userId);
      if (!promise) {
        // Whatever the user's session does later is logged with the user's id.
        promise = withLogFields({ userId }, () => make(userId));
        making.set(userId, promise);
      }
      return promise;
    },
  };
}
