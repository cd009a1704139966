import type { UserId } from '@top-active/core/contracts';

const dayMs = 24 * 3_600_000;

/**
 * For whom a host tests itself, and when: one account, and each build of WhatsApp's page that is new to this process.
 */
export interface SelfTestPlan {
  /** False for every other account. */
  isFor(userId: UserId): boolean;
  /** Whether this build is to be tested now. It counts as tested then, whatever comes of it. */
  claim(build: string): boolean;
}

/** @param canary undefined: nobody's account is used for it */
export function createSelfTestPlan(
  canary: UserId | undefined,
  now: () => number = () => performance.now(),
): SelfTestPlan {
  const tested = new Set<string>();
  let testedAt = -Infinity;
  return {
    isFor: (userId) => userId === canary,
    claim(build) {
      if (tested.has(build) || now() - testedAt < dayMs) return false;
      tested.add(build);
      testedAt = now();
      return true;
    },
  };
}
