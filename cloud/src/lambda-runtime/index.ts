export { bundleCache, bundleFunctions } from './bundle-functions.ts';
export { FunctionError } from './function-error.ts';
export { createLambdaRuntime, defaultInitTimeoutMs, type LambdaRuntime, type LambdaRuntimeOptions } from './runtime.ts';
export type { LambdaFunction } from './types.ts';
