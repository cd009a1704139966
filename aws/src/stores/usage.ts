export interface Usage {
  inputTokens: number;
  outputTokens: number;
  requests: number;
}

export interface UsageStore {
  /** Adds to the running month (UTC), atomically. */
  add(usage: Pick<Usage, 'inputTokens' | 'outputTokens'>): Promise<void>;
  /** Of a month like `2026-11`, by default the running one. */
  get(month?: string): Promise<Usage>;
}
