export { FunctionError, type FunctionFailure } from './function-error.ts';
export { createLambdaRuntime, type LambdaRuntime, type LambdaRuntimeOptions } from './runtime.ts';
export type { FunctionLogLine, LambdaFunction, OnFunctionLog } from './types.ts';
