/** A chat of which something may be missing here. */
export interface BehindChat {
  peer: string;
  /** Until then everything of it had been stored; undefined before its history was. */
  since: Date | undefined;
  /** Tries that failed in a row. */
  failures: number;
}

/**
 * Pauses before the further tries of one chat. After the last of them it waits for the next time that the session is
 * ready.
 */
const retryFactors = [1, 4, 16, 60, 240] as const;

export interface BehindChats {
  /** It is behind from then on, if it wasn't before. */
  add(peer: string, since: Date | undefined): void;
  get(peer: string): BehindChat | undefined;
  all(): BehindChat[];
  /** A try failed. How long the pause before the next one is, as a factor; undefined: there is none. */
  failed(peer: string): number | undefined;
  caughtUp(peer: string): void;
  /** Tries begin anew. */
  forgetFailures(): void;
  /** What is still tried holds back the time until when everything is stored. `false`: history is still missing. */
  earliest(): Date | undefined | false;
}

export function createBehindChats(): BehindChats {
  const chats = new Map<string, BehindChat>();
  const isTried = ({ failures }: BehindChat) => failures <= retryFactors.length;

  return {
    add(peer, since) {
      if (!chats.has(peer)) chats.set(peer, { peer, since, failures: 0 });
    },
    get: (peer) => chats.get(peer),
    all: () => [...chats.values()],
    failed(peer) {
      const chat = chats.get(peer);
      if (!chat) return undefined;
      chats.set(peer, { ...chat, failures: chat.failures + 1 });
      return retryFactors[chat.failures];
    },
    caughtUp: (peer) => void chats.delete(peer),
    forgetFailures() {
      for (const chat of chats.values()) chats.set(chat.peer, { ...chat, failures: 0 });
    },
    earliest() {
      const tried = [...chats.values()].filter(isTried);
      if (tried.some(({ since }) => since === undefined)) return false;
      const times = tried.flatMap(({ since }) => (since ? [since.getTime()] : []));
      return times.length > 0 ? new Date(Math.min(...times)) : undefined;
    },
  };
}
