import { join } from 'node:path';
import type { CheckpointPointer, CheckpointPointerStore, Log, SecretBox } from '@top-active/aws';
import type { UserId } from '@top-active/core/contracts';
import { createChain, type Chain } from './chain.ts';
import { candidatesIn, uselessIn } from './checkpoint-candidates.ts';
import { compareAge, type CheckpointName } from './checkpoint-name.ts';
import { openNewest } from './open-newest.ts';
import { createPackFolder } from './pack-folder.ts';
import { createPointing, refuseSaving } from './pointing.ts';
import { createSealedPacks } from './sealed-packs.ts';
import type { Snapshot, TakenSnapshot } from './snapshot.ts';
import { createTellDamage } from './tell-damage.ts';

/** A chain is begun anew so often, so that what a damaged pack spoils is never older. */
const chainLastsMs = 24 * 60 * 60 * 1000;
/** Packs that are needed are looked for so often: a file system bills each look. */
const lookEveryMs = 60_000;

interface SavedCheckpoint {
  generation: number;
  /** As stored; 0 when nothing had changed, so that the generation before is as good. */
  bytes: number;
}

interface LoadedCheckpoint {
  generation: number;
  snapshot: Snapshot;
}

/** Where one user's checkpoints are. One caller at a time. */
export interface CheckpointStore {
  /** Files whose content the next `save` needn't be given: they are stored. */
  held(): Promise<ReadonlySet<string>>;
  /** Durable when it returns. @throws {FencedError} when a host of a later term has begun to save */
  save(snapshot: TakenSnapshot): Promise<SavedCheckpoint>;
  /**
   * The newest one that is intact, of those below a generation when one is given; undefined when there is none. Damaged
   * ones are skipped with an alarm in the log, and so is told when the newest that is known has gone.
   * @throws {NewerBrowserError} when the newest is of a newer browser than the host's: older ones would be no way out
   */
  loadNewest(options?: { below?: number | undefined }): Promise<LoadedCheckpoint | undefined>;
  /** Whether there is any, intact or not. */
  exists(): Promise<boolean>;
  /**
   * What is saved next is of a new link: earlier checkpoints aren't opened, and removed for good once the first of it
   * is stored.
   */
  beginLink(): void;
  /** The attempt is over: when nothing was saved since `beginLink`, what there was before counts again. */
  endAttempt(): void;
  /** Forgets all, for ever: what of it turns up later isn't opened. */
  clear(): Promise<void>;
}

export interface CheckpointStoreOptions {
  /** Of all users' checkpoints. */
  folder: string;
  userId: UserId;
  /** Of the host's term over the user's shard. */
  epoch: number;
  secrets: SecretBox;
  pointer: CheckpointPointerStore;
  /** Of the host's own browser. */
  chromiumVersion: string;
  log: Log;
  /** Epoch milliseconds. */
  now?: () => number;
}

interface OwnChain {
  chain: Chain;
  base: number;
  begunAt: number;
  /** When its packs were last seen to be there. */
  lookedAt: number;
  /** Generation → size of its file. */
  sizes: Map<number, number>;
}

/**
 * One sealed file, a pack, per generation: what changed since the generation before, and a manifest of all. A chain
 * refers to no pack that this store hasn't written itself, so that no other host, and no earlier life of this one, can
 * pull anything from under it; and it removes nothing of later terms.
 */
export function createCheckpointStore(options: CheckpointStoreOptions): CheckpointStore {
  const { userId, epoch, secrets, chromiumVersion, log, now = Date.now } = options;
  const packs = createPackFolder(join(options.folder, userId));
  const sealed = createSealedPacks({ packs, userId, secrets });
  const pointing = createPointing({ pointer: options.pointer, epoch, log, now });
  const tellDamage = createTellDamage(log);
  let own: OwnChain | undefined;
  /** A new link has begun, and nothing of it is stored. */
  let isLinking = false;

  const nameOf = (generation: number, base: number): CheckpointName => ({ epoch, base, generation });

  /** Our chain, unless it has ended: by its age, or because something has happened to its packs. */
  async function goOn(): Promise<OwnChain | undefined> {
    if (!own) return undefined;
    let isWhole = now() - own.begunAt < chainLastsMs;
    if (now() - own.lookedAt >= lookEveryMs) {
      own.lookedAt = now();
      isWhole &&= await isThere(own);
    }
    if (!isWhole) own = undefined;
    return own;
  }

  async function isThere({ base, sizes }: OwnChain): Promise<boolean> {
    for (const [generation, size] of sizes)
      if ((await packs.sizeOf(nameOf(generation, base))) !== size) {
        tellDamage('a checkpoint has gone or was cut, everything is saved anew', { generation });
        return false;
      }
    return true;
  }

  async function begin(others: readonly CheckpointName[]): Promise<OwnChain> {
    await packs.removeDrafts();
    const known = await pointing.get();
    const base = Math.max(known?.generation ?? 0, ...others.map(({ generation }) => generation)) + 1;
    const isAfresh = isLinking || (known && known.takenAt === undefined);
    pointing.noteLink(isAfresh ? { epoch, generation: base } : known?.link);
    return { chain: createChain(), base, begunAt: now(), lookedAt: now(), sizes: new Map() };
  }

  /** Of our own chain all that isn't needed, and every chain but ours and the one before. */
  async function collect({ chain, base, sizes }: OwnChain, all: readonly CheckpointName[]): Promise<void> {
    const needed = chain.needed();
    for (const each of uselessIn(all, { chain: nameOf(0, base), needed, link: pointing.link }))
      await packs.remove(each);
    for (const generation of sizes.keys()) if (!needed.has(generation)) sizes.delete(generation);
  }

  async function save(snapshot: TakenSnapshot): Promise<SavedCheckpoint> {
    const all = await packs.list();
    if (all.some((each) => each.epoch > epoch)) refuseSaving();
    const mine = own ?? (await begin(all));
    const generation = Math.max(mine.base, ...all.map((each) => each.generation + 1));
    const takenAt = snapshot.takenAt.toISOString();
    const pack = mine.chain.plan(snapshot, generation);
    if (!pack) {
      const last = Math.max(...mine.sizes.keys());
      if (pointing.isDue()) await pointing.moveTo({ epoch, generation: last, takenAt });
      return { generation: last, bytes: 0 };
    }
    const name = nameOf(generation, mine.base);
    const bytes = await sealed.write(name, pack);
    mine.chain.written(pack, generation);
    mine.sizes.set(generation, bytes);
    own = mine;
    isLinking = false;
    await pointing.moveTo({ epoch, generation, takenAt });
    await collect(mine, [...all, name]);
    return { generation, bytes };
  }

  async function candidates(newest: CheckpointPointer | undefined): Promise<CheckpointName[]> {
    const { usable, forgotten } = candidatesIn(await packs.list(), newest);
    if (forgotten > 0) tellDamage('checkpoints of a session that was unlinked are there again', { count: forgotten });
    return usable;
  }

  /** A folder that this host has listed lately may be listed as it was then, over NFS. Writing to it ends that. */
  async function lookAgain(newest: CheckpointPointer): Promise<void> {
    const isThere = (each: CheckpointName) => compareAge(each, newest) >= 0;
    if (newest.takenAt !== undefined && !(await packs.list()).some(isThere)) await packs.refresh();
  }

  async function loadNewest({ below = Infinity }: { below?: number | undefined } = {}) {
    if (isLinking) return undefined;
    const newest = await pointing.get();
    pointing.noteLink(newest?.link);
    if (newest) await lookAgain(newest);
    const names = (await candidates(newest)).filter(({ generation }) => generation < below);
    const loaded = await openNewest(names, { sealed, chromiumVersion, tellDamage });
    const mayBeNewest = below === Infinity;
    if (loaded) {
      const { generation } = loaded;
      if (mayBeNewest && newest && generation < newest.generation)
        tellDamage('an older checkpoint than the newest is used', { generation, newest: newest.generation });
      await pointing.claim(newest);
    } else if (mayBeNewest && newest?.takenAt !== undefined)
      tellDamage('no checkpoint of a session can be opened', { newest: newest.generation });
    return loaded;
  }

  return {
    async held() {
      return (await goOn())?.chain.held() ?? new Set();
    },
    save,
    loadNewest,
    async exists() {
      if (isLinking) return false;
      // Whoever asks goes on to load, where it matters what the pointer says.
      return (await candidates(await pointing.get().catch(() => undefined))).length > 0;
    },
    beginLink() {
      own = undefined;
      isLinking = true;
    },
    endAttempt() {
      isLinking = false;
    },
    async clear() {
      own = undefined;
      isLinking = false;
      const all = await packs.list();
      const newest = await pointing.get();
      const generation = Math.max(newest?.generation ?? 0, ...all.map((each) => each.generation));
      if (generation > 0) await pointing.forgetUntil(generation);
      await packs.clear();
    },
  };
}
