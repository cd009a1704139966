export interface LambdaFunction {
  name: string;
  /** Absolute path of the `.ts` file whose export `handler` is the Lambda handler. */
  entry: string;
  /** All that the function finds in its environment, besides what Lambda itself sets. */
  env: Record<string, string>;
  timeoutMs: number;
  /** MiB: limit of the worker's heap. */
  memoryMb: number;
}

/** Takes each line that a function writes to stdout or stderr, and what the runtime says about it. */
export type OnFunctionLog = (written: { functionName: string; line: string }) => void;
