import type { ReleasedTerm } from '@top-active/core/domain';

/** The shards that one instance of a host holds, by epoch, and those that it held. */
export interface OwnShards {
  readonly held: ReadonlyMap<number, number>;
  /** Those of them that it is about to release. */
  readonly leaving: ReadonlySet<number>;
  /** Terms that are over, of which others still have to be told. */
  readonly released: ReleasedTerm[];
  /** A term over the shard that it neither holds nor has released. */
  isNews(term: { shard: number; epoch: number }): boolean;
  /** @returns the shards that are new: an answer from before it released one is no answer any more */
  took(taken: readonly { shard: number; epoch: number }[]): number[];
  /** It begins to end whatever runs for the shard. */
  leave(shard: number): void;
  /** Its term over the shard is over: nothing may run for the shard any more. */
  release(shard: number): void;
  /** A term that it was given without its knowledge is over. */
  refuse(term: { shard: number; epoch: number }): void;
  /** The shard has this epoch now: epochs only grow, so nobody asks any more about a term before it. */
  noteEpoch(term: { shard: number; epoch: number }): void;
}

export function createOwnShards(): OwnShards {
  const held = new Map<number, number>();
  const leaving = new Set<number>();
  const releasedUpTo = new Map<number, number>();
  const published = new Map<number, number>();

  function refuse({ shard, epoch }: { shard: number; epoch: number }): void {
    releasedUpTo.set(shard, epoch);
    published.set(shard, epoch);
  }

  function isNews({ shard, epoch }: { shard: number; epoch: number }): boolean {
    return !held.has(shard) && epoch > (releasedUpTo.get(shard) ?? -1);
  }

  return {
    held,
    leaving,
    get released() {
      return [...published].map(([shard, epoch]) => ({ shard, epoch }));
    },
    isNews,
    took(taken) {
      const news = taken.filter(isNews);
      for (const { shard, epoch } of news) held.set(shard, epoch);
      return news.map(({ shard }) => shard);
    },
    leave(shard) {
      if (held.has(shard)) leaving.add(shard);
    },
    release(shard) {
      const epoch = held.get(shard);
      held.delete(shard);
      leaving.delete(shard);
      if (epoch !== undefined) refuse({ shard, epoch });
    },
    refuse,
    noteEpoch({ shard, epoch }) {
      if (epoch > (published.get(shard) ?? Infinity)) published.delete(shard);
    },
  };
}
