export interface ChatKeys {
  /** The key under which the chat of a peer is ordered. */
  keyOf(peer: string): string;
  /** These ids mean one peer. The key of the first that has one is that of all from now on. */
  join(peers: readonly string[]): void;
}

/**
 * @param onRetired hears of a key that is not used any more, while tasks may still wait under it, and of the one used
 * instead
 */
export function createChatKeys({ onRetired }: { onRetired: (retired: string, key: string) => void }): ChatKeys {
  const keys = new Map<string, string>();

  function keyOf(peer: string): string {
    const key = keys.get(peer);
    if (key !== undefined) return key;
    keys.set(peer, peer);
    return peer;
  }

  return {
    keyOf,
    join(peers) {
      const used = [...new Set(peers.map((peer) => keys.get(peer)).filter((key) => key !== undefined))];
      const [key = peers[0], ...others] = used;
      if (key === undefined) return;
      for (const retired of others) {
        for (const [peer, of] of keys) if (of === retired) keys.set(peer, key);
        onRetired(retired, key);
      }
      for (const peer of peers) keys.set(peer, key);
    },
  };
}
