export { FunctionError } from './function-error.ts';
export { createLambdaRuntime, type LambdaRuntime } from './runtime.ts';
export type { LambdaFunction } from './types.ts';
