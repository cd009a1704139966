export interface AdmissionFacts {
  /** Sessions that run or are coming up. */
  running: number;
  maxSessions: number;
  /** It was linked before. What never was comes second. */
  isLinked: boolean;
  /** Undefined: the host's memory isn't bounded, or not known. */
  memory?: MemoryFacts | undefined;
}

interface MemoryFacts {
  limitBytes: number;
  /** Of the host and its browsers when they were last looked at. */
  usedBytes: number;
  /** Sessions that have begun since: their memory isn't in `usedBytes`, or not all of it. */
  begunSince: number;
  /** What one session takes on average, by what was seen and at least by what is assumed. */
  perSessionBytes: number;
}

/** Of its memory a host may fill so much with sessions: the kernel kills the whole task when it has none left. */
const usableShare = 0.9;

/**
 * Of places and memory so much is kept for sessions that were linked: they may come at any time, from a host that dies.
 */
const reservedShare = 0.2;

/** Whether one more session fits, or what there is too little of. */
export function admit({ running, maxSessions, isLinked, memory }: AdmissionFacts): 'yes' | 'no_place' | 'no_memory' {
  const share = isLinked || running === 0 ? 1 : 1 - reservedShare;
  if (running >= Math.ceil(maxSessions * share)) return 'no_place';
  if (!memory) return 'yes';
  const expected = memory.usedBytes + (memory.begunSince + 1) * memory.perSessionBytes;
  return expected <= memory.limitBytes * usableShare * share ? 'yes' : 'no_memory';
}
