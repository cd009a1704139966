import type { StepName } from './steps.ts';

/** What a person hears and says while the check leads them through its steps. */
export interface Guide {
  tell(text: string): void;
  /** Draws a QR code; each one replaces the one before. */
  showCode(code: string): Promise<void>;
  /** Says what is to be done by hand. The signal fires when the person leaves the step out. */
  instruct(step: StepName, text: string): { skipped: AbortSignal; end: () => void };
  /** A question that only a look at the phone answers. */
  confirm(step: StepName, question: string): Promise<'yes' | 'no' | 'skip'>;
}
