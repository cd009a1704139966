/** What a run is judged by. Moments are milliseconds since its beginning. */
export interface RunRecords {
  users: readonly UserRecord[];
  faults: readonly FaultRecord[];
  browsers: readonly BrowserRecord[];
  /** Codes that were shown, and devices that were linked, after everybody was linked once. */
  newCodes: number;
}

export interface UserRecord {
  name: string;
  /** What customers wrote, in their order. */
  written: readonly { text: string; at: number; storedAt: number | undefined }[];
  /** What is stored of it in the end, in the order in which the owner sees it. */
  stored: readonly string[];
  /** What the owner ordered, in that order. */
  ordered: readonly { text: string; state: string; failure?: string | undefined }[];
  /** What the customer's phone received, in its order. */
  received: readonly string[];
}

export interface FaultRecord {
  kind: string;
  host: string;
  at: number;
  /** Whose session was struck. */
  users: readonly string[];
  /** Until when waits are counted as its doing. */
  until: number;
  /** Whether sessions had to begin anew. */
  kills: boolean;
}

/** One browser process, as it was seen. */
export interface BrowserRecord {
  pid: number;
  /** Undefined: it never came so far that its host said whose it is. */
  user: string | undefined;
  from: number;
  to: number;
}
