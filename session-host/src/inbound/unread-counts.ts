/** Unread counts of WhatsApp's, each believed once its chat is quiet. */
interface UnreadCounts<E> {
  /** The newest count of a chat; `engine` told it. */
  tell(told: UnreadCount<E>): void;
}

export interface UnreadCount<E> {
  peer: string;
  unread: number;
  engine: E;
}

/** WhatsApp counts before it tells of the message. Milliseconds. */
const settlesMs = 1_000;

/** @param onSettled gets a count that nothing has followed for a second */
export function createUnreadCounts<E>(onSettled: (told: UnreadCount<E>) => void): UnreadCounts<E> {
  const timers = new Map<string, NodeJS.Timeout>();

  return {
    tell(told) {
      clearTimeout(timers.get(told.peer));
      const settle = () => {
        timers.delete(told.peer);
        onSettled(told);
      };
      timers.set(told.peer, setTimeout(settle, settlesMs));
    },
  };
}
