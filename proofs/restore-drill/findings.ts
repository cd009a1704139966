/** One thing that a rehearsal looks at. */
export interface Finding {
  what: string;
  ok: boolean;
  /** What was counted or seen. */
  seen: string;
}

/** Collects what was found. A check that can't be made counts as a miss. */
export function createFindings() {
  const all: Finding[] = [];
  return {
    all,
    async check(what: string, look: () => Promise<{ ok: boolean; seen: string }>): Promise<void> {
      try {
        all.push({ what, ...(await look()) });
      } catch (error) {
        all.push({ what, ok: false, seen: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}

export type Findings = ReturnType<typeof createFindings>;
