import { hasLaterOwner } from '@top-active/core/domain';
import { z } from 'zod';
import type { AtMost, ItemStore, Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { TransactionRefused } from '../items/transaction-refused.ts';
import { backOff } from '../calls/retry.ts';

/** A host of a later term has the user: nothing that this one writes counts any more, however often it tries. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/**
 * Keeps a host whose term over the user's shard is over from writing. The newest owner's epoch stands in the item that
 * counts events, which every commit writes or checks anyway, and in the link state. Whoever has no epoch (Lambdas hold
 * no shards) is kept from nothing.
 */
export interface Fence {
  readonly epoch: number | undefined;
  /** For every write to an item that carries the owner's epoch. */
  readonly condition: { readonly epoch?: AtMost };
  /** Resolves when this host learns that it isn't the owner any more. */
  readonly lost: Promise<void>;
  /** Asks nobody. @throws {FencedError} when the term is known to be over */
  check(): void;
  /** @param owner the epoch that stands in an item. @throws {FencedError} when it is a later one */
  admit(owner: number | undefined): void;
  /** Writes an item that carries no epoch itself; false when its own condition didn't hold. @throws {FencedError} */
  write(write: Exclude<Write, { kind: 'check' }>): Promise<boolean>;
  /**
   * From now on no host of an earlier term writes anything of the user. For whoever begins to serve the user, before
   * anything is read.
   * @throws {FencedError} when the user has a later owner
   */
  claim(): Promise<void>;
}

const maxRounds = 20;
const ownerSchema = z.object({ epoch: z.int().optional() });
const claimedSchema = ownerSchema.extend({ seq: z.int(), closed: z.boolean().default(false) });
const linkSchema = ownerSchema.extend({ generation: z.int() });

export function createFence({ items, epoch }: { items: ItemStore; epoch: number | undefined }): Fence {
  const condition = epoch === undefined ? {} : { epoch: { atMost: epoch } };
  const lost = Promise.withResolvers<void>();
  let isLost = false;

  function check(): void {
    if (isLost) throw new FencedError('A host of a later term has this user');
  }

  function admit(owner: number | undefined): void {
    if (epoch === undefined || !hasLaterOwner(epoch, owner)) return;
    isLost = true;
    lost.resolve();
    check();
  }

  async function readOwner(): Promise<number | undefined> {
    return (await items.get(keys.sequence, ownerSchema))?.epoch;
  }

  /** False: not now, since others write too. */
  async function tryClaim(mine: number): Promise<boolean> {
    const [sequence, link] = await Promise.all([
      items.get(keys.sequence, claimedSchema),
      items.get(keys.whatsapp, linkSchema),
    ]);
    // Nothing was ever stored, or everything is being erased: a claim must not leave anything behind.
    if (!sequence || sequence.closed) return true;
    admit(sequence.epoch);
    if (sequence.epoch === mine) return true;
    const set = { epoch: mine };
    const asRead = { seq: sequence.seq, epoch: sequence.epoch };
    return transact([
      { kind: 'update', sk: keys.sequence, set, condition: asRead },
      ...(link
        ? [{ kind: 'update', sk: keys.whatsapp, set, condition: { generation: link.generation } } as const]
        : []),
    ]);
  }

  async function transact(writes: readonly Write[]): Promise<boolean> {
    try {
      await items.transact(writes);
      return true;
    } catch (error) {
      if (error instanceof TransactionRefused && error.retryable) return false;
      throw error;
    }
  }

  return {
    epoch,
    condition,
    lost: lost.promise,
    check,
    admit,
    async write(write) {
      if (epoch === undefined) return items.write(write);
      for (let round = 1; ; round++) {
        check();
        try {
          await items.transact([{ kind: 'check', sk: keys.sequence, condition }, write]);
          return true;
        } catch (error) {
          if (!(error instanceof TransactionRefused && error.retryable)) throw error;
          const [ofFence, ofWrite] = error.reasons;
          if (ofFence === 'condition') admit(await readOwner());
          else if (ofWrite === 'condition') return false;
          if (round >= maxRounds) throw error;
        }
        await backOff(round);
      }
    },
    async claim() {
      if (epoch === undefined) return;
      for (let round = 1; !(await tryClaim(epoch)); round++) {
        if (round >= maxRounds) throw new Error('The user could not be claimed: others write all the time');
        await backOff(round);
      }
    },
  };
}
