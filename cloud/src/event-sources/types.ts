/** Calls a Lambda function; rejects when it fails. */
export type InvokeFunction = (functionName: string, event: unknown) => Promise<unknown>;

export interface EventSource {
  /**
   * Takes nothing new and waits for what is under way, at most 10 s. What is cut off is delivered again. May be called
   * twice.
   */
  stop(): Promise<void>;
}

/** Told of what goes wrong outside the function itself. */
export type OnError = (error: unknown) => void;
