import { TransactWriteCommand, UpdateCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import {
  isFresh,
  isHeld,
  canTakeShard,
  nextEpoch,
  shardOf,
  type Heartbeat,
  type SeenHeartbeat,
  type ShardLease,
} from '@top-active/core/domain';
import type { UserId } from '@top-active/core/contracts';
import type { AwsClients } from '../calls/clients.ts';
import { refusalOf } from '../items/transaction-refused.ts';
import { backOff } from '../calls/retry.ts';
import { shardKey } from '../items/keys.ts';
import { countKey, hostKey, readHeartbeats, readLeases } from './lease-items.ts';
import { OtherShardsError } from './other-shards-error.ts';

/** Why a host may not act for a shard's users. */
export type ShardRefusal = 'never-taken' | 'held-by-another' | 'replaced' | 'silent';

interface WantedShard {
  shard: number;
  /** The holder's heartbeat, if the taker has seen it unchanged for `takeOverAfterMs`. */
  seen?: SeenHeartbeat | undefined;
}

/** Who holds which shard. Only the function that gives out shards writes to it. */
export interface ShardRegistry {
  /** Undefined: the host holds the user's shard, and its heartbeat is fresh. */
  refusalFor(hostId: string, userId: UserId): Promise<{ shard: number; refusal: ShardRefusal | undefined }>;
  /**
   * Gives the instance of a host those of the wanted shards that are free, or whose holder is silent; all in one
   * transaction, so that nothing it was decided on has changed. Those it holds already are given again; those it has
   * released, for a later term.
   * @throws when there are not as many shards as when the first was taken
   */
  take(options: {
    hostId: string;
    instance: string;
    wanted: readonly WantedShard[];
  }): Promise<{ taken: { shard: number; epoch: number }[] } | { refusal: 'silent' | 'replaced' }>;
}

/** A transaction takes a hundred items: shards, their holders, and the taker. */
const atOnce = 48;
const maxRounds = 4;

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export function createShardRegistry(
  clients: AwsClients,
  { table, shards, now = Date.now }: { table: string; shards: number; now?: (() => number) | undefined },
): ShardRegistry {
  const source = () => ({ client: clients.dynamodb, table });

  async function read(wanted: readonly number[], taker: string) {
    const leases = await readLeases(source(), wanted);
    const heartbeats = await readHeartbeats(source(), [taker, ...leases.map(({ hostId }) => hostId)]);
    return {
      leaseOf: (shard: number) => leases.find((lease) => lease.shard === shard),
      heartbeatOf: (hostId: string | undefined) => heartbeats.find((heartbeat) => heartbeat.hostId === hostId),
    };
  }

  async function takeSome(
    hostId: string,
    instance: string,
    wanted: readonly WantedShard[],
  ): Promise<Awaited<ReturnType<ShardRegistry['take']>>> {
    for (let round = 1; ; round++) {
      const { leaseOf, heartbeatOf } = await read(
        wanted.map(({ shard }) => shard),
        hostId,
      );
      const taker = heartbeatOf(hostId);
      if (taker?.instance !== instance) return { refusal: 'replaced' };
      if (!isFresh(taker, now())) return { refusal: 'silent' };
      const found = wanted.map(({ shard, seen }) => {
        const lease = leaseOf(shard);
        return { shard, seen, lease, holder: heartbeatOf(lease?.hostId) };
      });
      const ours = found.flatMap(({ lease }) => (lease?.hostId === hostId && isHeld(lease, taker) ? [lease] : []));
      const free = found.filter(
        ({ shard, ...state }) => !ours.some((lease) => lease.shard === shard) && canTakeShard({ ...state, now: now() }),
      );
      const next = free.map(({ shard, lease }) => ({ shard, lease, epoch: nextEpoch(lease?.epoch, now()) }));
      const taken = [...ours, ...next].map(({ shard, epoch }) => ({ shard, epoch }));
      if (next.length === 0) return { taken };
      const holders = new Map(free.flatMap(({ lease, holder }) => (lease ? [[lease.hostId, holder] as const] : [])));
      holders.delete(hostId);
      const items = [
        alive(taker),
        ...[...holders].map(([holderId, holder]) => unchanged(holderId, holder)),
        ...next.map((change) => assign(change, taker)),
      ];
      try {
        await clients.dynamodb.send(new TransactWriteCommand({ TransactItems: items }));
        return { taken };
      } catch (error) {
        if (!refusalOf(error)?.retryable || round >= maxRounds) throw error;
        await backOff(round);
      }
    }
  }

  function alive({ hostId, instance }: Heartbeat): TransactItem {
    return {
      ConditionCheck: {
        TableName: table,
        Key: { pk: hostKey(hostId) },
        ConditionExpression: 'instance = :instance AND ended = :no',
        ExpressionAttributeValues: { ':instance': instance, ':no': false },
      },
    };
  }

  function unchanged(hostId: string, holder: Heartbeat | undefined): TransactItem {
    const at = { TableName: table, Key: { pk: hostKey(hostId) } };
    if (!holder) return { ConditionCheck: { ...at, ConditionExpression: 'attribute_not_exists(pk)' } };
    return {
      ConditionCheck: {
        ...at,
        ConditionExpression: 'instance = :instance AND beat = :beat AND ended = :ended',
        ExpressionAttributeValues: { ':instance': holder.instance, ':beat': holder.beat, ':ended': holder.ended },
      },
    };
  }

  function assign(
    { shard, lease, epoch }: { shard: number; lease: ShardLease | undefined; epoch: number },
    taker: Heartbeat,
  ): TransactItem {
    return {
      Update: {
        TableName: table,
        Key: { pk: shardKey(shard) },
        UpdateExpression: 'SET hostId = :hostId, instance = :instance, epoch = :epoch',
        ConditionExpression: lease ? 'epoch = :last' : 'attribute_not_exists(pk)',
        ExpressionAttributeValues: {
          ':hostId': taker.hostId,
          ':instance': taker.instance,
          ':epoch': epoch,
          ...(lease && { ':last': lease.epoch }),
        },
      },
    };
  }

  let isCounted = false;

  /** Users are placed by their shard: with another number they would be looked for where they are not. */
  async function checkCount(): Promise<void> {
    if (isCounted) return;
    const { Attributes } = await clients.dynamodb.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: countKey },
        UpdateExpression: 'SET shards = if_not_exists(shards, :shards)',
        ExpressionAttributeValues: { ':shards': shards },
        ReturnValues: 'ALL_NEW',
      }),
    );
    if (Attributes?.shards !== shards) throw new OtherShardsError({ configured: shards, recorded: Attributes?.shards });
    isCounted = true;
  }

  return {
    async refusalFor(hostId, userId) {
      const shard = shardOf(userId, shards);
      const [[lease], [heartbeat]] = await Promise.all([
        readLeases(source(), [shard]),
        readHeartbeats(source(), [hostId]),
      ]);
      return { shard, refusal: refusalOfLease({ lease, heartbeat, hostId, now: now() }) };
    },
    async take({ hostId, instance, wanted }) {
      await checkCount();
      const taken: { shard: number; epoch: number }[] = [];
      for (let start = 0; start < wanted.length; start += atOnce) {
        const some = await takeSome(hostId, instance, wanted.slice(start, start + atOnce));
        if ('refusal' in some) return some;
        taken.push(...some.taken);
      }
      return { taken };
    },
  };
}

function refusalOfLease(options: {
  lease: ShardLease | undefined;
  heartbeat: Heartbeat | undefined;
  hostId: string;
  now: number;
}): ShardRefusal | undefined {
  const { lease, heartbeat, hostId, now } = options;
  if (!lease) return 'never-taken';
  if (lease.hostId !== hostId) return 'held-by-another';
  if (!heartbeat || !isFresh(heartbeat, now)) return 'silent';
  return isHeld(lease, heartbeat) ? undefined : 'replaced';
}
