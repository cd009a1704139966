import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Heartbeat, KnownHost, ShardLease } from '@top-active/core/domain';
import type { AwsClients } from '../calls/clients.ts';
import { ttlAttribute } from '../table-definitions.ts';
import { hostKey, scanAll } from './lease-items.ts';

/** What a host publishes about itself, for people who look at the table. */
export interface HostFacts {
  /** Sessions at most. */
  capacity: number;
  version: string;
}

export interface LeasesSeen {
  leases: ShardLease[];
  heartbeats: KnownHost[];
  /** How many shards there are; undefined before the first one was taken. */
  shards: number | undefined;
}

/** A host's access to the leases table: it reads everything, and writes only its own heartbeat. */
export interface HostLeases {
  /** Everything: also hosts that hold nothing, and those that are long gone. */
  look(): Promise<LeasesSeen>;
  /** The first heartbeat of an instance. False: `replacing` isn't the newest heartbeat of this host any more. */
  begin(heartbeat: Heartbeat, replacing: Heartbeat | undefined): Promise<boolean>;
  /** False: another instance has begun, or the item is gone. */
  renew(heartbeat: Heartbeat): Promise<boolean>;
  /** Frees at once whatever this instance holds. Of no effect when another has begun. */
  end(heartbeat: Pick<Heartbeat, 'hostId' | 'instance'>): Promise<void>;
}

/** Each call is given up after so long: the next renewal must still have time. */
const timeoutMs = 4_000;
const keepSeconds = 24 * 3600;

/**
 * Unique id of this process's IAM session: the role's id and, for an ECS task, the task's. It is what policies call
 * `aws:userid`, and what API Gateway tells the functions behind it of their caller.
 */
export async function readHostId(clients: AwsClients): Promise<string> {
  const { UserId } = await clients.sts.send(new GetCallerIdentityCommand({}));
  if (!UserId) throw new Error('STS does not say who this process is');
  return UserId;
}

export function createHostLeases(
  clients: AwsClients,
  { table, hostId, facts }: { table: string; hostId: string; facts: HostFacts },
): HostLeases {
  return {
    async look() {
      const { hosts, ...seen } = await scanAll({
        client: clients.dynamodb,
        table,
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { ...seen, heartbeats: hosts };
    },
    begin: (heartbeat, replacing) =>
      holds(
        clients.dynamodb.send(
          new PutCommand({
            TableName: table,
            Item: {
              pk: hostKey(hostId),
              ...heartbeat,
              ...facts,
              beganAt: heartbeat.sentAt,
              [ttlAttribute]: expiry(heartbeat),
            },
            ...(replacing
              ? {
                  ConditionExpression: 'instance = :instance AND beat = :beat',
                  ExpressionAttributeValues: { ':instance': replacing.instance, ':beat': replacing.beat },
                }
              : { ConditionExpression: 'attribute_not_exists(pk)' }),
          }),
          deadline(),
        ),
      ),
    renew: (heartbeat) =>
      holds(
        clients.dynamodb.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk: hostKey(hostId) },
            UpdateExpression: `SET beat = :beat, sentAt = :sentAt, draining = :draining, released = :released, ${ttlAttribute} = :expiry`,
            // `<=`: the SDK may send a renewal twice when the first answer got lost.
            ConditionExpression: 'instance = :instance AND beat <= :beat AND ended = :no',
            ExpressionAttributeValues: {
              ':instance': heartbeat.instance,
              ':beat': heartbeat.beat,
              ':sentAt': heartbeat.sentAt,
              ':draining': heartbeat.draining,
              ':released': heartbeat.released,
              ':expiry': expiry(heartbeat),
              ':no': false,
            },
          }),
          deadline(),
        ),
      ),
    async end({ instance }) {
      await holds(
        clients.dynamodb.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk: hostKey(hostId) },
            UpdateExpression: 'SET ended = :yes',
            ConditionExpression: 'instance = :instance',
            ExpressionAttributeValues: { ':instance': instance, ':yes': true },
          }),
          deadline(),
        ),
      );
    },
  };
}

function deadline() {
  return { abortSignal: AbortSignal.timeout(timeoutMs) };
}

/** Long after the host is dead; until then the item tells when it was last alive. */
function expiry({ sentAt }: Heartbeat): number {
  return Math.floor(sentAt / 1000) + keepSeconds;
}

/** False: the condition doesn't hold. */
async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
