import { setTimeout as delay } from 'node:timers/promises';
import type { Plugin } from 'esbuild';
import { localAccountId, localRegion } from '../wire/index.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { FunctionError } from './function-error.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';
import type { LambdaFunction, OnFunctionLog } from './types.ts';

export interface LambdaRuntimeOptions {
  functions: readonly LambdaFunction[];
  /** Where bundles are kept. Several runtimes, in several processes, may share it. */
  dir: string;
  onLog: OnFunctionLog;
  /** For tests that replace a part of the product in their bundles. */
  plugins?: readonly Plugin[] | undefined;
  /** Time to load a function. Lambda gives 10 s; a busy laptop needs more. */
  initTimeoutMs?: number | undefined;
}

export interface LambdaRuntime {
  /**
   * Calls a function as the Lambda API does: event and result pass through JSON.
   * @throws FunctionError when the handler throws, runs out of time or memory, or there is no such function.
   */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Loads functions ahead of their first invocation: all of them, or those named. */
  warmUp(names?: readonly string[]): Promise<void>;
  /**
   * Ends a function's worker at once, as when its machine is lost: what runs in it fails, the next call starts another.
   */
  crash(name: string): Promise<void>;
  /** Lets what runs finish for at most `graceMs` (5 s by default), then ends all workers. */
  close(options?: { graceMs?: number | undefined }): Promise<void>;
}

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const payloadLimitBytes = 6 * 1024 * 1024;
/** Two seconds on a quiet computer; on a busy one, more than a minute was seen. */
export const defaultInitTimeoutMs = 300_000;

/** Lambda on a laptop: deployed bundles, each function in a worker thread with an environment of its own. */
export async function createLambdaRuntime(options: LambdaRuntimeOptions): Promise<LambdaRuntime> {
  const { functions, dir, onLog, initTimeoutMs = defaultInitTimeoutMs } = options;
  const bundles = await bundleFunctions({ functions, dir, plugins: options.plugins });
  const byName = new Map(functions.map((fn) => [fn.name, fn]));
  const current = new Map<string, Sandbox>();
  const alive = new Set<Sandbox>();
  const invocations = new Set<Promise<unknown>>();
  let closed = false;

  function sandboxOf(name: string): Sandbox {
    const fn = byName.get(name);
    const bundle = bundles.get(name);
    if (!fn || !bundle) throw notFound(name);
    if (closed) throw failure(name, 'ServiceException', 'The Lambda runtime is closed.');
    const known = current.get(name);
    if (known && !known.retired) return known;
    const sandbox = startSandbox({ fn, bundle, initTimeoutMs, onLog, onEnd: () => alive.delete(sandbox) });
    current.set(name, sandbox);
    alive.add(sandbox);
    return sandbox;
  }

  async function invoke(name: string, event: unknown): Promise<unknown> {
    const sandbox = sandboxOf(name);
    const payload = JSON.stringify(event) ?? 'null';
    if (Buffer.byteLength(payload) > payloadLimitBytes)
      throw failure(name, 'RequestTooLargeException', `Request must be smaller than ${payloadLimitBytes} bytes`);
    const result = await sandbox.invoke(payload);
    if (Buffer.byteLength(result) > payloadLimitBytes)
      throw failure(name, 'Function.ResponseSizeTooLarge', `Response payload exceeded ${payloadLimitBytes} bytes`);
    return JSON.parse(result) as unknown;
  }

  return {
    invoke(name, event) {
      const invocation = invoke(name, event);
      invocations.add(invocation);
      const forget = () => invocations.delete(invocation);
      invocation.then(forget, forget);
      return invocation;
    },
    async warmUp(names = [...byName.keys()]) {
      await Promise.all(names.map((name) => sandboxOf(name).ready));
    },
    async crash(name) {
      await current.get(name)?.terminate();
    },
    async close({ graceMs = 5_000 } = {}) {
      closed = true;
      await Promise.race([Promise.allSettled(invocations), delay(graceMs, undefined, { ref: false })]);
      await Promise.all([...alive].map((sandbox) => sandbox.terminate()));
    },
  };
}

function notFound(name: string): FunctionError {
  const arn = `arn:aws:lambda:${localRegion}:${localAccountId}:function:${name}`;
  return failure(name, 'ResourceNotFoundException', `Function not found: ${arn}`);
}

function failure(name: string, errorType: string, errorMessage: string): FunctionError {
  return new FunctionError(name, { errorType, errorMessage, trace: [] });
}
