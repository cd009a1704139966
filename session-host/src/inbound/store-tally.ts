import type { RecordedMessage } from '@top-active/aws';

/** What became of one message of a chat that is caught up with. */
export interface StoreOutcome {
  /** Undefined: the store refuses it. */
  recorded: RecordedMessage | undefined;
  /** It was missed: since when nobody listened. */
  missedSince: string | undefined;
}

interface StoreTally {
  /** Messages that were not stored before. */
  found: number;
  refused: number;
  /** Those of this absence, also what an earlier attempt stored before it was interrupted. */
  missed: RecordedMessage[];
  /** Those beside which a gap is told of. */
  besideGaps: RecordedMessage[];
}

export function tallyOf(outcomes: readonly StoreOutcome[]): StoreTally {
  const recorded = outcomes.flatMap((outcome) => outcome.recorded ?? []);
  return {
    found: recorded.filter(({ stored }) => stored).length,
    refused: outcomes.length - recorded.length,
    missed: outcomes.flatMap(({ recorded, missedSince }) =>
      recorded && missedSince !== undefined && recorded.missedSince === missedSince ? recorded : [],
    ),
    besideGaps: recorded.filter(({ isBesideGap }) => isBesideGap),
  };
}
