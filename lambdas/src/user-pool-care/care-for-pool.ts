import { logger, metrics, type Erasures, type Placements, type PoolUsers } from '@top-active/aws';

export interface CareDeps {
  poolUsers: PoolUsers;
  placements: Pick<Placements, 'list'>;
  erasures: Pick<Erasures, 'find'>;
  shards: number;
  now: () => number;
}

/** An hour longer than the code is good that could still confirm a registration. */
const staleMs = 25 * 3_600_000;

/** Gives up registrations that nobody can confirm any more, and tells of people whom the user pool has lost. */
export async function careForPool(deps: CareDeps): Promise<void> {
  const users = await deps.poolUsers.list();
  let removed = 0;
  for (const { username, confirmed, createdAt } of users) {
    if (confirmed || createdAt.getTime() + staleMs > deps.now()) continue;
    if (await deps.poolUsers.removeUnconfirmed(username)) removed += 1;
  }
  metrics.emit('RegistrationsGivenUp', removed);
  const vanished = await findVanished(new Set(users.map(({ username }) => username)), deps);
  metrics.emit('VanishedUsers', vanished);
  if (vanished > 0)
    logger.error('People with a session are in the user pool no more, without an erasure', { vanished });
}

/** Who has a session of WhatsApp, and no login any more, though nobody has erased them. */
async function findVanished(
  known: ReadonlySet<string>,
  { poolUsers, placements, erasures, shards }: CareDeps,
): Promise<number> {
  let vanished = 0;
  for (let shard = 0; shard < shards; shard += 1)
    for (const userId of await placements.list(shard)) {
      if (known.has(userId) || (await poolUsers.has(userId)) || (await erasures.find(userId))) continue;
      vanished += 1;
    }
  return vanished;
}
