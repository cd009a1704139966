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

/** A line that a function wrote to stdout or stderr, or what the runtime says about it. */
export interface FunctionLogLine {
  functionName: string;
  line: string;
}

export type OnFunctionLog = (line: FunctionLogLine) => void;
