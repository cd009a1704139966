/** A failure to boot whose message tells the person what is wrong and what to do. */
export class StackError extends Error {
  override readonly name = 'StackError';
  readonly remedy: string;

  constructor(problem: string, remedy: string, cause?: unknown) {
    super(`${problem}\n  ${remedy}`, { cause });
    this.remedy = remedy;
  }
}
