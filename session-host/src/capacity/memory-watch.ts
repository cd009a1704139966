import { admit } from './admission.ts';

export interface MemoryWatch {
  /** Notes what the host and each of its browsers take now. */
  note(taken: { hostBytes: number; sessionBytes: readonly number[] }): void;
  /** Of host and browsers at the newest look. */
  readonly usedBytes: number;
  admit(running: number, session: { isLinked: boolean }): ReturnType<typeof admit>;
}

/** Before any session was seen, and where they are smaller: a fresh session of WhatsApp Web grows to that. */
const assumedBytes = 300 * 2 ** 20;

/** What the host knows of its memory between two looks. `limitBytes` undefined: only places count. */
export function createMemoryWatch({
  limitBytes,
  maxSessions,
}: {
  limitBytes: number | undefined;
  maxSessions: number;
}): MemoryWatch {
  let usedBytes = 0;
  let measured = 0;
  let perSessionBytes = assumedBytes;

  return {
    note({ hostBytes, sessionBytes }) {
      const ofSessions = sessionBytes.reduce((sum, bytes) => sum + bytes, 0);
      usedBytes = hostBytes + ofSessions;
      measured = sessionBytes.length;
      perSessionBytes = Math.max(assumedBytes, measured === 0 ? 0 : ofSessions / measured);
    },
    get usedBytes() {
      return usedBytes;
    },
    admit: (running, { isLinked }) =>
      admit({
        running,
        isLinked,
        maxSessions,
        memory:
          limitBytes === undefined
            ? undefined
            : { limitBytes, usedBytes, begunSince: Math.max(0, running - measured), perSessionBytes },
      }),
  };
}
