/** The number of shards must stay what it was at the first deployment, because it decides which shard a user is in. */
export class OtherShardsError extends Error {
  constructor({ configured, recorded }: { configured: number; recorded: unknown }) {
    super(
      `SHARDS is ${configured}, and was ${String(recorded)} when the first shard was taken. It can't be changed, since users are placed by it: set it back to ${String(recorded)}.`,
    );
    this.name = 'OtherShardsError';
  }
}
