import type { CommandRecord } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aCommandRecord } from '@top-active/aws/test-support/records';
import { describe, expect, it } from 'vitest';
import { createClaim } from './claim.ts';

const record = aCommandRecord({ id: 'command', updatedAt: '2026-11-25T12:00:00.000Z' });
const claimed: CommandRecord = { ...record, state: 'CLAIMED', claimedBy: 'host', claimedEpoch: 7 };

function claimOf(one: CommandRecord, answer: () => Promise<CommandRecord | undefined>) {
  const asked: unknown[] = [];
  const tenant = partOfTenant({ commands: { claim: (...args) => (asked.push(args), answer()) } });
  return { claim: createClaim(one, { tenant, hostId: 'host', epoch: 7 }), asked };
}

describe('the claim of a command', () => {
  it('is stored once', async () => {
    const { claim, asked } = claimOf(record, () => Promise.resolve(claimed));
    expect([claim.isHeld, claim.before]).toEqual([false, undefined]);
    expect([await claim.take(), await claim.take(), claim.isHeld]).toEqual([true, true, true]);
    expect(asked).toEqual([['command', 'host', 7]]);
  });

  it('of this term is held already, that of an earlier one is not', async () => {
    const ours = claimOf(claimed, () => Promise.reject(new Error('Not to be asked')));
    expect([ours.claim.isHeld, await ours.claim.take()]).toEqual([true, true]);
    const theirs = claimOf({ ...claimed, claimedEpoch: 6 }, () => Promise.resolve(claimed));
    expect([theirs.claim.isHeld, theirs.claim.before]).toEqual([false, new Date(record.updatedAt)]);
    expect(await theirs.claim.take()).toBe(true);
  });

  it('is stored anew once it was given back', async () => {
    const released = { ...claimed, state: 'PENDING' } as CommandRecord;
    const { claim, asked } = claimOf(released, () => Promise.resolve(claimed));
    expect([claim.isHeld, claim.before]).toEqual([false, undefined]);
    expect([await claim.take(), asked.length]).toEqual([true, 1]);
  });

  it('may be lost to somebody else, and says when nobody knows', async () => {
    const lost = claimOf(record, () => Promise.resolve(undefined)).claim;
    expect([await lost.take(), lost.isHeld, lost.hasFailed]).toEqual([false, false, false]);
    const cut = claimOf(record, () => Promise.reject(new Error('cut off'))).claim;
    await expect(cut.take()).rejects.toThrow('cut off');
    expect([cut.isHeld, cut.hasFailed]).toEqual([false, true]);
  });
});
