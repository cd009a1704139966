export interface ChatKeys {
  /** The key under which the chat of a peer is ordered. */
  keyOf(peer: string): string;
  /** These ids mean one peer. The key that was used first stays, so that what waits under it keeps its place. */
  join(peers: readonly string[]): void;
}

export function createChatKeys(): ChatKeys {
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
      const key = peers.map((peer) => keys.get(peer)).find((known) => known !== undefined) ?? peers[0];
      if (key === undefined) return;
      for (const peer of peers) if (!keys.has(peer)) keys.set(peer, key);
    },
  };
}
