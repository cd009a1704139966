import type { StepName } from './steps.ts';

/** What the check says to a person, and what the person answers. */
export interface Guide {
  tell(text: string): void;
  /** Draws a QR code; each one replaces the one before. */
  showCode(code: string): Promise<void>;
  /** Says what to do by hand. The signal fires when the person skips the step. */
  instruct(step: StepName, text: string): { skipped: AbortSignal; end: () => void };
  /** A question that only a look at the phone answers. */
  confirm(step: StepName, question: string): Promise<'yes' | 'no' | 'skip'>;
}
