import type { Tenant } from '@top-active/aws';
import { defaultProfile } from '@top-active/core/domain';

const freshForMs = 3_600_000;

/** Where the owner is, read at most once an hour. */
export function createOwnerZone({ profile }: Pick<Tenant, 'profile'>): { localHour: () => Promise<number> } {
  let zone: string | undefined;
  let readAt = -Infinity;

  return {
    async localHour() {
      if (performance.now() - readAt > freshForMs) {
        zone = (await profile.get())?.timeZone ?? defaultProfile.timeZone;
        readAt = performance.now();
      }
      return hourIn(zone ?? defaultProfile.timeZone, new Date());
    },
  };
}

/** 0 to 23. */
export function hourIn(timeZone: string, at: Date): number {
  return Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(at));
}
