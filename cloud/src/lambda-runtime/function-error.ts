/** Error as the Lambda API returns it in the payload of a failed invocation. */
export interface FunctionFailure {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

/** An invocation failed: the handler threw, or Lambda ended it. */
export class FunctionError extends Error implements FunctionFailure {
  override readonly name = 'FunctionError';
  readonly functionName: string;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: string[];

  constructor(functionName: string, failure: FunctionFailure) {
    super(`${functionName}: ${failure.errorType}: ${failure.errorMessage}`);
    this.functionName = functionName;
    this.errorType = failure.errorType;
    this.errorMessage = failure.errorMessage;
    this.trace = failure.trace;
  }

  /** The function was not loaded in time: that says more of a busy computer than of the function. */
  get initTimedOut(): boolean {
    return this.errorMessage.includes('Init timed out');
  }
}

/** What the Node.js runtime of Lambda makes of a thrown value. */
export function toFailure(thrown: unknown): FunctionFailure {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return {
    errorType: thrown.name,
    errorMessage: thrown.message,
    trace: thrown.stack?.split('\n') ?? [],
  };
}
