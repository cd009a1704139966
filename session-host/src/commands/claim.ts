import type { CommandRecord, Tenant } from '@top-active/aws';

/**
 * The word of this host, stored before it does what can't be taken back: from then on the command may have been carried
 * out.
 */
export interface Claim {
  /** When an earlier life of the host, or an earlier try, claimed it; undefined at the first try. */
  readonly before: Date | undefined;
  readonly isHeld: boolean;
  /** It could not be stored, or nobody knows whether it was. */
  readonly hasFailed: boolean;
  /**
   * Claims it, once.
   * @returns false: somebody else has it, or it is over
   * @throws {Error} when that can't be stored
   */
  take(): Promise<boolean>;
}

export function createClaim(
  record: CommandRecord,
  { tenant, hostId, epoch }: { tenant: Pick<Tenant, 'commands'>; hostId: string; epoch: number },
): Claim {
  let isHeld = record.state === 'CLAIMED' && record.claimedBy === hostId && record.claimedEpoch === epoch;
  let hasFailed = false;
  return {
    before: record.state === 'CLAIMED' ? new Date(record.updatedAt) : undefined,
    get isHeld() {
      return isHeld;
    },
    get hasFailed() {
      return hasFailed;
    },
    async take() {
      try {
        isHeld ||= (await tenant.commands.claim(record.id, hostId, epoch)) !== undefined;
      } catch (error) {
        hasFailed = true;
        throw error;
      }
      return isHeld;
    },
  };
}
