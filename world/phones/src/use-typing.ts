import { onScopeDispose, reactive } from 'vue';

const lastsMs = 6_000;

/** Who is typing to a phone: each until told otherwise, or for a few seconds. */
export function useTyping(): { peers: ReadonlySet<string>; set(peer: string, typing: boolean): void } {
  const peers = reactive(new Set<string>());
  const timers = new Map<string, number>();

  function set(peer: string, typing: boolean): void {
    clearTimeout(timers.get(peer));
    if (!typing) {
      peers.delete(peer);
      return;
    }
    peers.add(peer);
    timers.set(
      peer,
      window.setTimeout(() => peers.delete(peer), lastsMs),
    );
  }

  onScopeDispose(() => {
    for (const timer of timers.values()) clearTimeout(timer);
  });
  return { peers, set };
}
