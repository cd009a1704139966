import type { Authorize } from './operation.ts';

/** What every emulator of an AWS service takes. */
export interface EmulatorOptions {
  /** Where its state lives; made when missing. One emulator per folder at a time. */
  dir: string;
  /** 0 or absent: a free one. */
  port?: number | undefined;
  /** Asked before every operation that IAM governs. Absent: everyone may do everything. */
  authorize?: Authorize | undefined;
  /** Unix time in milliseconds; the machine's clock by default. */
  now?: (() => number) | undefined;
  /** Told of failures of the emulator itself; a process warning by default. */
  onError?: ((error: unknown) => void) | undefined;
}

export interface Emulator {
  /** `http://127.0.0.1:<port>`, for the SDK client's `endpoint`. */
  endpoint: string;
  close(): Promise<void>;
}

export function warnOfError(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
