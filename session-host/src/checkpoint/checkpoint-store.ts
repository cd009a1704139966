import { join } from 'node:path';
import {
  FencedError,
  metrics,
  type CheckpointPointer,
  type CheckpointPointerStore,
  type Log,
  type SecretBox,
} from '@top-active/aws';
import { partitionOf } from '@top-active/aws/items/keys';
import type { UserId } from '@top-active/core/contracts';
import { EnvelopeError } from '@top-active/core/crypto';
import { createChain, keptGenerations, type Chain } from './chain.ts';
import { compareAge, fileNameOf, isBefore, sameChain, type CheckpointName } from './checkpoint-name.ts';
import { loadSnapshot } from './load-snapshot.ts';
import { NewerBrowserError, refuseNewerBrowser } from './newer-browser.ts';
import { decodePack, encodePack, type Pack } from './pack.ts';
import { createPackFolder } from './pack-folder.ts';
import { SnapshotError, type Snapshot, type TakenSnapshot } from './snapshot.ts';

/** A chain is begun anew so often, so that what a damaged pack spoils is never older. */
const chainLastsMs = 24 * 60 * 60 * 1000;
/** Packs that are needed are looked for so often: a file system bills each look. */
const lookEveryMs = 60_000;
/** When nothing changes, the pointer tells the age so often. */
const confirmEveryMs = 60_000;

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
  const { userId, epoch, secrets, pointer, log, now = Date.now } = options;
  const packs = createPackFolder(join(options.folder, userId));
  let own: OwnChain | undefined;
  let confirmedAt = -Infinity;
  /** The first checkpoint of the current link, where another was before. */
  let link: CheckpointPointer['link'];
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

  async function pointTo(to: CheckpointPointer): Promise<void> {
    let moved: boolean;
    try {
      moved = await pointer.move({ ...to, ...(link && { link }) });
    } catch (error) {
      // It is stored all the same, and found by its name.
      log.warn('The pointer to the newest checkpoint was not moved', { generation: to.generation }, error);
      return;
    }
    confirmedAt = now();
    if (!moved) refuse();
  }

  async function begin(others: readonly CheckpointName[]): Promise<OwnChain> {
    await packs.removeDrafts();
    const known = await pointer.get();
    const base = Math.max(known?.generation ?? 0, ...others.map(({ generation }) => generation)) + 1;
    const isAfresh = isLinking || (known && known.takenAt === undefined);
    link = isAfresh ? { epoch, generation: base } : known?.link;
    return { chain: createChain(), base, begunAt: now(), lookedAt: now(), sizes: new Map() };
  }

  /** Of our own chain all that isn't needed, and every chain but ours and the one before. */
  async function collect(mine: OwnChain, all: readonly CheckpointName[]): Promise<void> {
    const name = nameOf(0, mine.base);
    const needed = mine.chain.needed();
    const before = all
      .filter((each) => !sameChain(each, name) && !isBefore(each, link))
      .toSorted(compareAge)
      .at(-1);
    for (const each of all) {
      const isKept = sameChain(each, name) ? needed.has(each.generation) : before && sameChain(each, before);
      if (!isKept) await packs.remove(each);
    }
    for (const generation of mine.sizes.keys()) if (!needed.has(generation)) mine.sizes.delete(generation);
  }

  async function save(snapshot: TakenSnapshot): Promise<SavedCheckpoint> {
    const all = await packs.list();
    if (all.some((each) => each.epoch > epoch)) refuse();
    const mine = own ?? (await begin(all));
    const generation = Math.max(mine.base, ...all.map((each) => each.generation + 1));
    const takenAt = snapshot.takenAt.toISOString();
    const pack = mine.chain.plan(snapshot, generation);
    if (!pack) {
      const last = Math.max(...mine.sizes.keys());
      if (now() - confirmedAt >= confirmEveryMs) await pointTo({ epoch, generation: last, takenAt });
      return { generation: last, bytes: 0 };
    }
    const name = nameOf(generation, mine.base);
    const sealed = await secrets.seal('whatsapp', contextOf(userId, name), await encodePack(pack));
    await packs.write(name, sealed);
    mine.chain.written(pack, generation);
    mine.sizes.set(generation, sealed.length);
    own = mine;
    isLinking = false;
    await pointTo({ epoch, generation, takenAt });
    await collect(mine, [...all, name]);
    return { generation, bytes: sealed.length };
  }

  /** Newest first: the last few of each chain. Older ones lack packs that were collected. */
  async function candidates(newest: CheckpointPointer | undefined): Promise<CheckpointName[]> {
    const all = (await packs.list()).toSorted(compareAge).toReversed();
    const isForgotten = (each: CheckpointName) =>
      newest !== undefined &&
      (isBefore(each, newest.link) || (newest.takenAt === undefined && compareAge(each, newest) <= 0));
    const forgotten = all.filter(isForgotten).length;
    if (forgotten > 0) tellDamage('checkpoints of a session that was unlinked are there again', { count: forgotten });
    return all
      .filter((each) => !isForgotten(each))
      .filter((each, _, rest) => rest.filter((other) => sameChain(other, each)).indexOf(each) < keptGenerations);
  }

  async function openPack(name: CheckpointName): Promise<Pack> {
    const sealed = await packs.read(name);
    if (!sealed) throw new SnapshotError(`${fileNameOf(name)} is missing`);
    return decodePack(await secrets.open('whatsapp', contextOf(userId, name), sealed));
  }

  /** A folder that this host has listed lately may be listed as it was then, over NFS. Writing to it ends that. */
  async function lookAgain(newest: CheckpointPointer): Promise<void> {
    const isThere = (each: CheckpointName) => compareAge(each, newest) >= 0;
    if (newest.takenAt !== undefined && !(await packs.list()).some(isThere)) await packs.refresh();
  }

  /** From now on no host of an earlier term can move the pointer. */
  async function claim(newest: CheckpointPointer | undefined): Promise<void> {
    if (newest && newest.epoch !== epoch) await pointTo({ ...newest, epoch });
  }

  function tellDamage(what: string, fields: Record<string, number>, error?: unknown): void {
    metrics.emit('CheckpointsDamaged');
    log.error(`ALARM: ${what}`, fields, error);
  }

  async function loadNewest({ below = Infinity }: { below?: number | undefined } = {}) {
    if (isLinking) return undefined;
    const newest = await pointer.get();
    link = newest?.link;
    if (newest) await lookAgain(newest);
    const opened = new Map<string, Promise<Pack>>();
    for (const name of await candidates(newest)) {
      const { epoch: ofEpoch, base, generation } = name;
      if (generation >= below) continue;
      const open = (each: number) => {
        const other = { epoch: ofEpoch, base, generation: each };
        const opening = opened.get(fileNameOf(other)) ?? openPack(other);
        opened.set(fileNameOf(other), opening);
        return opening;
      };
      try {
        // Before its files are looked at, which may be of a kind that isn't known here.
        refuseNewerBrowser((await open(generation)).manifest.chromiumVersion, options.chromiumVersion);
        const snapshot = await loadSnapshot(generation, open);
        if (below === Infinity && newest && generation < newest.generation)
          tellDamage('an older checkpoint than the newest is used', { generation, newest: newest.generation });
        await claim(newest);
        return { generation, snapshot };
      } catch (error) {
        if (error instanceof NewerBrowserError)
          tellDamage('a checkpoint is of a newer browser, and waits for a host that has it', { generation }, error);
        // Anything else, as keys that can't be had just now, says nothing about the file.
        if (!(error instanceof EnvelopeError) && !(error instanceof SnapshotError)) throw error;
        tellDamage('a checkpoint is damaged and was skipped', { generation }, error);
      }
    }
    if (below === Infinity && newest?.takenAt !== undefined)
      tellDamage('no checkpoint of a session can be opened', { newest: newest.generation });
    return undefined;
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
      return (await candidates(await pointer.get().catch(() => undefined))).length > 0;
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
      const newest = await pointer.get();
      const generation = Math.max(newest?.generation ?? 0, ...all.map((each) => each.generation));
      if (generation > 0 && !(await pointer.move({ epoch, generation }))) refuse();
      await packs.clear();
    },
  };
}

function refuse(): never {
  metrics.emit('TwoOwners');
  throw new FencedError('A host of a later term saves this session');
}

/** Binds a file to its user and place: it can't be opened for another user, nor as another generation. */
function contextOf(userId: UserId, { epoch, base, generation }: CheckpointName) {
  return {
    table: 'checkpoints',
    pk: partitionOf(userId),
    sk: `EPOCH#${epoch}#BASE#${base}#GENERATION#${generation}`,
    field: 'pack',
    version: 2,
  };
}
