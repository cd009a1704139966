export interface AdmissionFacts {
  /** Sessions that run or are coming up. */
  running: number;
  maxSessions: number;
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

/** Whether one more session fits, or what there is too little of. */
export function admit({ running, maxSessions, memory }: AdmissionFacts): 'yes' | 'no_place' | 'no_memory' {
  if (running >= maxSessions) return 'no_place';
  if (!memory) return 'yes';
  const expected = memory.usedBytes + (memory.begunSince + 1) * memory.perSessionBytes;
  return expected <= memory.limitBytes * usableShare ? 'yes' : 'no_memory';
}
