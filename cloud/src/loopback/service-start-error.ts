/** A part of the embedded cloud could not start, or found a state it cannot work with; says what to do. */
export class ServiceStartError extends Error {
  override readonly name = 'ServiceStartError';
  readonly remedy: string;

  constructor({ problem, remedy, cause }: { problem: string; remedy: string; cause?: unknown }) {
    super(problem, { cause });
    this.remedy = remedy;
  }
}
