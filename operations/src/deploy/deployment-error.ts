/** A failure whose message says what to do about it: shown without a stack trace. */
export class DeploymentError extends Error {
  override name = 'DeploymentError';

  constructor(problem: string, remedy: string) {
    super(`${problem}\n  ${remedy}`);
  }
}
