import { randomBytes, randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { localAccountId, localRegion } from '../wire/index.ts';
import { functionEnvironment } from './environment.ts';
import { FunctionError, toFailure, type FunctionFailure } from './function-error.ts';
import type { InvokeMessage, WorkerMessage, WorkerSettings } from './messages.ts';
import type { LambdaFunction, OnFunctionLog } from './types.ts';

/** One execution environment: a worker thread with the function loaded. It lives until it is retired or dies. */
export interface Sandbox {
  /** Settles when the function is loaded; rejects with FunctionError when it can't be. */
  ready: Promise<void>;
  /** No new invocation may be given to it. */
  readonly retired: boolean;
  /** @param payload JSON. Answers JSON; rejects with FunctionError. */
  invoke(payload: string): Promise<string>;
  /** Ends it once nothing runs in it any more. */
  retire(): void;
  /** Ends it now; what runs in it fails. */
  terminate(): Promise<void>;
}

export interface SandboxOptions {
  fn: LambdaFunction;
  bundle: string;
  initTimeoutMs: number;
  onLog: OnFunctionLog;
  /** Called once, when the worker is gone. */
  onEnd: () => void;
}

interface Invocation {
  resolve: (payload: string) => void;
  reject: (error: FunctionError) => void;
  timer: NodeJS.Timeout;
}

export function startSandbox({ fn, bundle, initTimeoutMs, onLog, onEnd }: SandboxOptions): Sandbox {
  const running = new Map<string, Invocation>();
  const { promise: ready, resolve: becomeReady, reject: failToStart } = Promise.withResolvers<void>();
  // Whoever invokes waits for it; a sandbox started ahead may have nobody who does.
  ready.catch(() => undefined);
  let retired = false;
  let ended: FunctionFailure | undefined;
  let crash: FunctionFailure | undefined;

  const settings: WorkerSettings = {
    bundle,
    functionName: fn.name,
    functionArn: `arn:aws:lambda:${localRegion}:${localAccountId}:function:${fn.name}`,
    memoryMb: fn.memoryMb,
  };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: fn.name,
    workerData: settings,
    env: functionEnvironment(fn, bundle),
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb },
  });
  // A stack waits for its workers where it wants to; they never keep its process alive.
  worker.unref();
  for (const input of [worker.stdout, worker.stderr])
    createInterface({ input }).on('line', (line) => onLog({ functionName: fn.name, line }));
  const initTimer = setTimeout(() => {
    crash = exitFailure(`Init timed out after ${seconds(initTimeoutMs)} seconds`);
    terminate().catch(reportTermination);
  }, initTimeoutMs);
  worker.on('message', (message: WorkerMessage) => receive(message));
  worker.on('error', (error: NodeJS.ErrnoException) => {
    crash ??= error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? exitFailure('signal: killed') : toFailure(error);
  });
  worker.on('exit', (code) => end(crash ?? exitFailure(`exit status ${code}`)));

  function receive(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready':
        clearTimeout(initTimer);
        becomeReady();
        break;
      case 'init-failed':
      case 'crashed':
        retired = true;
        crash = message.failure;
        break;
      case 'succeeded':
        take(message.requestId)?.resolve(message.payload);
        break;
      case 'failed':
        fail(message.requestId, message.failure);
        break;
    }
    if (retired && running.size === 0) terminate().catch(reportTermination);
  }

  function take(requestId: string): Invocation | undefined {
    const invocation = running.get(requestId);
    if (!invocation) return undefined;
    clearTimeout(invocation.timer);
    running.delete(requestId);
    return invocation;
  }

  function fail(requestId: string, failure: FunctionFailure): void {
    const invocation = take(requestId);
    if (!invocation) return;
    onLog({ functionName: fn.name, line: errorLine(requestId, failure) });
    invocation.reject(new FunctionError(fn.name, failure));
  }

  function end(failure: FunctionFailure): void {
    retired = true;
    ended = failure;
    clearTimeout(initTimer);
    failToStart(new FunctionError(fn.name, failure));
    for (const requestId of running.keys()) fail(requestId, failure);
    onEnd();
  }

  /** Neighbours in the same worker may finish, as they would in environments of their own. */
  function timeOut(requestId: string): void {
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds(fn.timeoutMs)} seconds`;
    fail(requestId, { errorType: 'Sandbox.Timedout', errorMessage, trace: [] });
    retire();
  }

  function retire(): void {
    retired = true;
    if (running.size === 0) terminate().catch(reportTermination);
  }

  function reportTermination(error: unknown): void {
    onLog({ functionName: fn.name, line: errorLine('-', toFailure(error)) });
  }

  async function terminate(): Promise<void> {
    retired = true;
    await worker.terminate();
  }

  return {
    ready,
    get retired() {
      return retired;
    },
    async invoke(event) {
      const requestId = randomUUID();
      await ready;
      if (ended) throw new FunctionError(fn.name, ended);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => timeOut(requestId), fn.timeoutMs);
        running.set(requestId, { resolve, reject, timer });
        const deadline = Date.now() + fn.timeoutMs;
        const message: InvokeMessage = { requestId, event, deadline, traceId: traceId() };
        worker.postMessage(message, []);
      });
    },
    retire,
    terminate,
  };
}

function exitFailure(how: string): FunctionFailure {
  return { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with error: ${how}`, trace: [] };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}

function traceId(): string {
  const time = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${time}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}

function errorLine(requestId: string, failure: FunctionFailure): string {
  const timestamp = new Date().toISOString();
  return JSON.stringify({ level: 'ERROR', message: 'Invoke Error', timestamp, requestId, ...failure });
}
